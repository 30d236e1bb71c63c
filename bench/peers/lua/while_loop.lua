-- While loops: Euclid's algorithm for all pairs below n.

local function main(n)
  local total = 0
  local a = 1
  while a <= n do
    local b = 1
    while b <= n do
      local x, y = a, b
      while y ~= 0 do
        local rest = x % y
        x = y
        y = rest
      end
      total = total + x
      b = b + 1
    end
    a = a + 1
  end
  print(total)
end

main(tonumber(arg[1] or 2200))
