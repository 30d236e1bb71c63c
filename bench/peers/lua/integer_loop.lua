-- A counted loop over integers.

local function main(n)
  local total = 0
  for i = 0, n - 1 do
    total = (total + i * 7) % 1000003
  end
  print(total)
end

main(tonumber(arg[1] or 50000000))
