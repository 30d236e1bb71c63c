sample_@ = {
  name = "sample §",
  organism = "Escherichia coli",
  lanes = {§, §, §},
  mean_quality = $,
  library = {kit = "TruSeq", insert_size = §, paired = true}
}
print(string.format("%s: %.2f (%s bp)", sample_@.name, sample_@.mean_quality, sample_@.library.insert_size))
print("lanes " .. join(sample_@.lanes, ", ") .. " of " .. sample_@.organism)
