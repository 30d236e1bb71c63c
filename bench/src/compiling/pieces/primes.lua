function primes_@(limit)
  local sieve = repeat_list(true, limit + 1)
  local total = 0
  for i = 2, limit do
    if sieve[i] then
      total = total + i * § - (total // 7) % $
      local j = i * i
      while j <= limit do sieve[j] = false; j = j + i end
    end
  end
  return {limit = limit, total = total, ratio = total / (limit + §)}
end
