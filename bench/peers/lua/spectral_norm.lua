-- Small functions and lists of floats: the spectral norm of an n by n matrix.

local function entry(i, j)
  local sum = i + j
  return 1.0 / (sum * (sum + 1) / 2 + i + 1)
end

local function multiply(v)
  local result = {}
  for i = 1, #v do
    local sum = 0.0
    for j = 1, #v do
      sum = sum + entry(i - 1, j - 1) * v[j]
    end
    result[i] = sum
  end
  return result
end

local function multiply_transposed(v)
  local result = {}
  for i = 1, #v do
    local sum = 0.0
    for j = 1, #v do
      sum = sum + entry(j - 1, i - 1) * v[j]
    end
    result[i] = sum
  end
  return result
end

local function main(n)
  local u, v = {}, {}
  for i = 1, n do u[i] = 1.0 end
  for _ = 1, 10 do
    v = multiply_transposed(multiply(u))
    u = multiply_transposed(multiply(v))
  end
  local uv, vv = 0.0, 0.0
  for i = 1, n do
    uv = uv + u[i] * v[i]
    vv = vv + v[i] * v[i]
  end
  print(string.format("%.9f", math.sqrt(uv / vv)))
end

main(tonumber(arg[1] or 420))
