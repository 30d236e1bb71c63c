# What docs/examples/day21/analysis.bl does, with ShortRead: quality control of the same reads in three ways, which must agree.
library(parallel)
suppressPackageStartupMessages(library(ShortRead))

gc_content <- function(s) {
  chars <- strsplit(toupper(s), "")[[1]]
  if (length(chars) == 0) 0 else sum(chars %in% c("G", "C")) / length(chars)
}

# Prints one way: what it found, and how long it took.
report <- function(name, found, seconds) {
  # The most of this process, without those that it starts: column "max used" in MB.
  memory <- sum(gc()[, 6])
  cat(sprintf("%s:\n", name))
  cat(sprintf("  Reads:    %d\n", found$reads))
  cat(sprintf("  Mean GC:  %.1f%%\n", found$mean_gc * 100))
  cat(sprintf("  Mean len: %.0f\n", found$mean_length))
  cat(sprintf("  High GC:  %d reads\n", found$high_gc))
  cat(sprintf("  Time:     %.3fs\n", seconds))
  cat(sprintf("  Memory:   %.0f MB at most so far\n", memory))
}

summarise <- function(gc_values, lengths) {
  list(reads = length(gc_values), mean_gc = mean(gc_values), mean_length = mean(lengths),
       high_gc = sum(gc_values > 0.5))
}

streamed <- function(path) {
  reads <- 0L
  high_gc <- 0L
  gc_sum <- 0
  bases <- 0
  stream <- FastqStreamer(path, n = 10000)
  on.exit(close(stream))
  while (length(chunk <- yield(stream)) > 0) {
    letters <- sread(chunk)
    gc_values <- as.vector(letterFrequency(letters, "GC", as.prob = TRUE))
    # A read without letters has no share.
    gc_values[width(letters) == 0] <- 0
    reads <- reads + length(chunk)
    gc_sum <- gc_sum + sum(gc_values)
    bases <- bases + sum(width(letters))
    high_gc <- high_gc + sum(gc_values > 0.5)
  }
  if (reads == 0) stop("no reads in ", path)
  list(reads = reads, mean_gc = gc_sum / reads, mean_length = bases / reads, high_gc = high_gc)
}

serial <- function(path) {
  seqs <- as.character(sread(readFastq(path)))
  summarise(vapply(seqs, gc_content, numeric(1)), nchar(seqs))
}

in_parallel <- function(path) {
  seqs <- as.character(sread(readFastq(path)))
  cl <- makeCluster(detectCores())
  on.exit(stopCluster(cl))
  summarise(parSapply(cl, seqs, gc_content), nchar(seqs))
}

agree <- function(a, b) {
  a$reads == b$reads && a$high_gc == b$high_gc && a$mean_length == b$mean_length &&
    abs(a$mean_gc - b$mean_gc) < 1e-9
}

arguments <- commandArgs(trailingOnly = TRUE)
path <- if (length(arguments) > 0) arguments[1] else "data/reads.fastq"
ways <- list(Streaming = streamed, Serial = serial, Parallel = in_parallel)
results <- list()
for (name in names(ways)) {
  start <- proc.time()
  results[[name]] <- ways[[name]](path)
  report(name, results[[name]], (proc.time() - start)["elapsed"])
}
stopifnot(agree(results$Streaming, results$Serial), agree(results$Serial, results$Parallel))
cat("All three agree.\n")
