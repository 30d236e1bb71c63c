-- Reading fields: n passes over a list of 20000 tables.

local function main(n)
  local hits = {}
  for i = 0, 19999 do
    hits[#hits + 1] = {id = i, length = 100 + i % 151, gc = i % 100 * 0.01}
  end
  local total = 0
  for _ = 1, n do
    for i = 1, #hits do
      local hit = hits[i]
      if hit.gc > 0.5 then
        total = total + hit.length + hit.id % 3
      end
    end
  end
  print(total)
end

main(tonumber(arg[1] or 700))
