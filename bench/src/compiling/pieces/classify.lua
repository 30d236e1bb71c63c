function classify_@(read, threshold)
  local score = mean(read.scores) * $ + read.offset / 3
  if score > threshold and read.length >= § then
    return "good"
  elseif score > threshold / 2 or read.rescued then
    return "fair"
  end
  -- what is left is of no use
  local reason = read.length < § and "short" or "poor"
  return "bad: " .. reason
end
