-- Floats: how many points of an n by n raster stay bounded for 50 steps.

local function main(n)
  local inside = 0
  for row = 0, n - 1 do
    local ci = 2.0 * row / n - 1.0
    for column = 0, n - 1 do
      local cr = 2.0 * column / n - 1.5
      local zr, zi = 0.0, 0.0
      local steps = 0
      while steps < 50 and zr * zr + zi * zi <= 4.0 do
        local next = zr * zr - zi * zi + cr
        zi = 2.0 * zr * zi + ci
        zr = next
        steps = steps + 1
      end
      if steps == 50 then inside = inside + 1 end
    end
  end
  print(inside)
end

main(tonumber(arg[1] or 700))
