-- Lists from nothing: n lists of 100000 items.

local function main(n)
  local total = 0
  for round = 0, n - 1 do
    local squares = {}
    for i = 0, 99999 do
      squares[#squares + 1] = i * i
    end
    total = (total + squares[round + 1] + #squares) % 1000003
  end
  print(total)
end

main(tonumber(arg[1] or 160))
