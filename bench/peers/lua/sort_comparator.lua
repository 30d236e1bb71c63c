-- A comparator in the script: n tables by two fields.

local function main(n)
  local hits = {}
  local seed = 42
  for i = 0, n - 1 do
    seed = (seed * 3877 + 29573) % 139968
    hits[#hits + 1] = {score = seed % 1000, id = i}
  end
  table.sort(hits, function(a, b)
    if a.score == b.score then return a.id < b.id end
    return a.score < b.score
  end)
  local checksum = 0
  for i = 1, n do
    checksum = (checksum + i * hits[i].id) % 1000003
  end
  print(checksum)
end

main(tonumber(arg[1] or 120000))
