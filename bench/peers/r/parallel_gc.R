# GC content of reads in several processes, as the tutorial has it: Rscript parallel_gc.R READS
# Needs ShortRead, of Bioconductor; `parallel` comes with R.
library(parallel)
suppressPackageStartupMessages(library(ShortRead))

arguments <- commandArgs(trailingOnly = TRUE)
path <- if (length(arguments) > 0) arguments[1] else "data/reads.fastq"
reads <- readFastq(path)
seqs <- as.character(sread(reads))
start <- proc.time()
cl <- makeCluster(detectCores())
gc_values <- parSapply(cl, seqs, function(s) {
  chars <- strsplit(toupper(s), "")[[1]]
  sum(chars %in% c("G", "C")) / length(chars)
})
stopCluster(cl)
avg_gc <- mean(gc_values)
high_gc <- sum(gc_values > 0.5)
elapsed <- (proc.time() - start)["elapsed"]
cat(sprintf("R: %.3fs\n", elapsed))
cat(sprintf(" Avg GC: %.1f%%\n", avg_gc * 100))
cat(sprintf(" High GC reads: %d\n", high_gc))
