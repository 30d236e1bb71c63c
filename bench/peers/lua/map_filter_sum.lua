-- A pipeline of small functions, n times over a list of 1000 numbers.

local function map(xs, f)
  local result = {}
  for i = 1, #xs do
    result[i] = f(xs[i])
  end
  return result
end

local function filter(xs, f)
  local result = {}
  for i = 1, #xs do
    local x = xs[i]
    if f(x) then result[#result + 1] = x end
  end
  return result
end

local function sum(xs)
  local total = 0
  for i = 1, #xs do
    total = total + xs[i]
  end
  return total
end

local function main(n)
  local xs = {}
  for i = 0, 999 do
    xs[#xs + 1] = i
  end
  local total = 0
  for round = 0, n - 1 do
    local mapped = map(xs, function(x) return x * 3 + round end)
    local even = filter(mapped, function(x) return x % 2 == 0 end)
    total = (total + sum(even)) % 1000003
  end
  print(total)
end

main(tonumber(arg[1] or 3000))
