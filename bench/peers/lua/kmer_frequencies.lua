-- Each language's own way of counting k-mers: the 6-mers of 100000 bases, n times.

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
  local total = 0
  for _ = 1, n do
    local counts = {}
    for i = 1, #text - 5 do
      local kmer = text:sub(i, i + 5)
      counts[kmer] = (counts[kmer] or 0) + 1
    end
    local distinct, most = 0, 0
    for _, count in pairs(counts) do
      distinct = distinct + 1
      if count > most then most = count end
    end
    total = total + distinct + most
  end
  print(total)
end

main(tonumber(arg[1] or 40))
