-- Many small tables: complete trees up to depth n, built, counted and dropped.

local function tree(depth)
  if depth == 0 then return {left = nil, right = nil} end
  return {left = tree(depth - 1), right = tree(depth - 1)}
end

local function nodes(node)
  if node.left == nil then return 1 end
  return 1 + nodes(node.left) + nodes(node.right)
end

local function main(n)
  local lasting = tree(n)
  for depth = 4, n, 2 do
    local rounds = 1
    for _ = 1, n - depth + 4 do rounds = rounds * 2 end
    local total = 0
    for _ = 1, rounds do
      total = total + nodes(tree(depth))
    end
    print(rounds .. " " .. depth .. " " .. total)
  end
  print(nodes(lasting))
end

main(tonumber(arg[1] or 14))
