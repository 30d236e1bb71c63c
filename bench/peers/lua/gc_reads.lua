-- Each language's own way of counting letters: the mean GC content of 4000 reads of 100 bases, n times.

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
  local text = bases(400000)
  local reads = {}
  for i = 0, 3999 do
    reads[#reads + 1] = text:sub(i * 100 + 1, i * 100 + 100)
  end
  local total = 0.0
  for _ = 1, n do
    for i = 1, #reads do
      local read = reads[i]
      local _, gc = read:gsub("[GC]", "")
      total = total + gc / #read
    end
  end
  print(string.format("%.6f", total / (n * #reads)))
end

main(tonumber(arg[1] or 40))
