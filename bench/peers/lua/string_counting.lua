-- Tables with text as keys: how often each of 1000 names is drawn in n draws.

local function main(n)
  local names = {}
  for i = 0, 999 do
    names[i + 1] = "gene" .. i
  end
  local counts = {}
  local seed = 42
  for _ = 1, n do
    seed = (seed * 3877 + 29573) % 139968
    local name = names[seed % 1000 + 1]
    counts[name] = (counts[name] or 0) + 1
  end
  local checksum = 0
  for i = 1, 1000 do
    checksum = (checksum + i * (counts[names[i]] or 0)) % 1000003
  end
  print(checksum)
end

main(tonumber(arg[1] or 6000000))
