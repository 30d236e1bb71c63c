-- Text letter by letter: GC letters and the longest run of them in 100000 bases, n times.

local floor = math.floor

local function bases(size)
  local letters = {}
  local seed = 42
  for _ = 1, size do
    seed = (seed * 3877 + 29573) % 139968
    local at = floor(seed / 7) % 4 + 1
    letters[#letters + 1] = ("ACGT"):sub(at, at)
  end
  return table.concat(letters)
end

local function main(n)
  local text = bases(100000)
  local gc, longest = 0, 0
  for _ = 1, n do
    local run = 0
    for i = 1, #text do
      local letter = text:sub(i, i)
      if letter == "G" or letter == "C" then
        gc = gc + 1
        run = run + 1
        if run > longest then longest = run end
      else
        run = 0
      end
    end
  end
  print(gc .. " " .. longest)
end

main(tonumber(arg[1] or 60))
