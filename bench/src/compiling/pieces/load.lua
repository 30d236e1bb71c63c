function load_@(path)
  local ok, result = pcall(function()
    local lines = filter(read_lines_of(path), function(line) return not starts_with(line, "#") end)
    return map(map(lines, function(line) return split(line, "\t") end), function(p) return {chrom = p[1], start = p[2], end_ = p[3]} end)
  end)
  if not ok then
    io.stderr:write(string.format("cannot read %s: %s", path, result)) return {}
  else return result end
end

