-- List assignment: the most reversals that a permutation of n numbers needs to bring its first to the front.

local function main(n)
  local order, counts, cards = {}, {}, {}
  for i = 1, n do
    order[i] = i
    counts[i] = 0
    cards[i] = i
  end
  local most, checksum, sign, r = 0, 0, 1, n
  local more = true
  while more do
    while r ~= 1 do
      counts[r] = r
      r = r - 1
    end
    for i = 1, n do
      cards[i] = order[i]
    end
    local flips = 0
    local first = cards[1]
    while first ~= 1 do
      local i, j = 1, first
      while i < j do
        local card = cards[i]
        cards[i] = cards[j]
        cards[j] = card
        i = i + 1
        j = j - 1
      end
      flips = flips + 1
      first = cards[1]
    end
    if flips > most then most = flips end
    checksum = checksum + sign * flips
    sign = -sign
    local searching = true
    while searching do
      if r == n then
        more = false
        searching = false
      else
        local front = order[1]
        for i = 1, r do
          order[i] = order[i + 1]
        end
        order[r + 1] = front
        counts[r + 1] = counts[r + 1] - 1
        if counts[r + 1] > 0 then searching = false else r = r + 1 end
      end
    end
  end
  print(checksum .. " " .. most)
end

main(tonumber(arg[1] or 9))
