-- Closures: composed functions that are only known when they run, and a counter that changes what it captured.

local function compose(f, g)
  return function(x) return g(f(x)) end
end

local function adder(amount)
  return function(x) return x + amount end
end

local function scaler(factor)
  return function(x) return x * factor % 1009 end
end

local function counter()
  local count = 0
  return function()
    count = count + 1
    return count
  end
end

local function main(n)
  local tick = counter()
  local change = compose(compose(adder(3), scaler(7)), adder(-2))
  local total = 0
  for i = 0, n - 1 do
    local one = adder(i % 5)
    total = (total + change(one(i)) + tick()) % 1000003
  end
  print(total)
end

main(tonumber(arg[1] or 1500000))
