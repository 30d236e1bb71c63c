# GC content of reads in several processes, as the tutorial has it: parallel_gc.py READS
# Needs Biopython. The part behind `__main__` is what Python wants where it starts processes anew.
from concurrent.futures import ProcessPoolExecutor
from Bio import SeqIO
import sys
import time


def gc_content(seq):
    seq = str(seq).upper()
    gc = sum(1 for c in seq if c in "GC")
    return gc / len(seq) if len(seq) > 0 else 0.0


def main(path):
    reads = list(SeqIO.parse(path, "fastq"))
    start = time.time()
    with ProcessPoolExecutor() as pool:
        gc_values = list(pool.map(gc_content, [r.seq for r in reads]))
    avg_gc = sum(gc_values) / len(gc_values)
    high_gc = sum(1 for g in gc_values if g > 0.5)
    elapsed = time.time() - start
    print(f"Python: {elapsed:.3f}s")
    print(f" Avg GC: {avg_gc * 100:.1f}%")
    print(f" High GC reads: {high_gc}")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "data/reads.fastq")
