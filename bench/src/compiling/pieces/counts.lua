-- ---- counts of sample § ----
function count_@(words)
  local counts = {}
  for _, word in ipairs(words) do
    local key = lower(word)
    if counts[key] then counts[key] = counts[key] + 1 else counts[key] = 1 end
  end
  for i = 0, § - 1 do
    counts["extra_" .. i] = i * § - (i + $) / 2
  end
  return counts
end
