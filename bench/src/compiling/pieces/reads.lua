
reads_@ = read_table("lane_§.fastq")
passed_@ =
  take(sort_by(
  map(filter(reads_@, function(read) return read.quality > $ and #read.seq >= § end),
  function(read) return {id = read.id, gc = gc_content(read.seq), length = #read.seq} end),
  function(read) return -read.gc end), §)
print("lane", §, #passed_@, "of", #reads_@)
