-- List assignment far apart: the primes up to n.

local function main(n)
  local prime = {}
  for i = 1, n do
    prime[i] = true
  end
  local count = 0
  for i = 2, n do
    if prime[i] then
      count = count + 1
      for j = i * i, n, i do
        prime[j] = false
      end
    end
  end
  print(count)
end

main(tonumber(arg[1] or 5000000))
