-- Recursion over tables: in how many ways n queens stand on a board, none in reach of another; seven times.

local function place(n, row, columns, rising, falling)
  if row == n then return 1 end
  local ways = 0
  for column = 0, n - 1 do
    local safe = true
    for before = 1, row do
      if columns[before] == column or rising[before] == column + row or falling[before] == column - row then
        safe = false
        break
      end
    end
    if safe then
      columns[row + 1] = column
      rising[row + 1] = column + row
      falling[row + 1] = column - row
      ways = ways + place(n, row + 1, columns, rising, falling)
    end
  end
  return ways
end

local function main(n)
  local total = 0
  for _ = 1, 7 do
    total = total + place(n, 0, {}, {}, {})
  end
  print(total)
end

main(tonumber(arg[1] or 10))
