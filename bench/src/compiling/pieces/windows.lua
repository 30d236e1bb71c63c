--- The share of G and C in windows of a sequence.
function windows_@(seq, size, step)
  local out = {}
  local position = 0
  while position + size <= #seq do
    local part = seq:sub(position + 1, position + size)
    -- each window with its place
    out[#out + 1] = {start = position, gc = gc_content(part), length = size * §}
    position = position + step
  end
  return out
end
