-- Text in pieces: n lines of six numbers each.

local function main(n)
  local lines = {}
  for i = 0, n - 1 do
    local line = "row"
    for j = 0, 5 do
      line = line .. "\t" .. i * j
    end
    lines[#lines + 1] = line
  end
  local text = table.concat(lines, "\n")
  print(#text)
  print(lines[n])
end

main(tonumber(arg[1] or 100000))
