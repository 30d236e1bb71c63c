-- A table as a stack: n pushes, with every third one two items become one.

local function main(n)
  local stack = {}
  for i = 0, n - 1 do
    stack[#stack + 1] = i
    if i % 3 == 2 then
      local b = stack[#stack]
      stack[#stack] = nil
      local a = stack[#stack]
      stack[#stack] = nil
      stack[#stack + 1] = (a + b) % 1000
    end
  end
  local total = 0
  while #stack > 0 do
    total = (total * 3 + stack[#stack]) % 1000003
    stack[#stack] = nil
  end
  print(total)
end

main(tonumber(arg[1] or 3000000))
