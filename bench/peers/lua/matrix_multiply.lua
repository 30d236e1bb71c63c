-- Tables of tables: the product of two n by n matrices.

local function matrix(n, seed)
  local rows = {}
  for i = 1, n do
    local row = {}
    for j = 1, n do
      row[j] = ((i - 1) * seed + j - 1) % 17 * 0.5
    end
    rows[i] = row
  end
  return rows
end

local function main(n)
  local a, b, c = matrix(n, 3), matrix(n, 5), matrix(n, 1)
  for i = 1, n do
    for j = 1, n do
      local sum = 0.0
      for k = 1, n do
        sum = sum + a[i][k] * b[k][j]
      end
      c[i][j] = sum
    end
  end
  local trace = 0.0
  for i = 1, n do
    trace = trace + (c[i][i] - c[i][n + 1 - i])
  end
  print(string.format("%.3f", trace))
end

main(tonumber(arg[1] or 240))
