function read_table(path) return {} end
function read_lines_of(path) return {} end
function repeat_list(value, count) return {} end
