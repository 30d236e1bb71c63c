# What docs/examples/day21/analysis.bl does, with Biopython: quality control of the same reads in three ways, which must agree.
from concurrent.futures import ProcessPoolExecutor
from Bio import SeqIO
from Bio.SeqIO.QualityIO import FastqGeneralIterator
import resource
import sys
import time


def gc_content(seq):
    seq = str(seq).upper()
    gc = seq.count("G") + seq.count("C")
    return gc / len(seq) if len(seq) > 0 else 0.0


def report(name, found, seconds):
    """Prints one way: what it found, and how long it took."""
    # The most of this process, without those that it starts.
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{name}:")
    print(f"  Reads:    {found['reads']}")
    print(f"  Mean GC:  {found['mean_gc'] * 100:.1f}%")
    print(f"  Mean len: {found['mean_length']:.0f}")
    print(f"  High GC:  {found['high_gc']} reads")
    print(f"  Time:     {seconds:.3f}s")
    print(f"  Memory:   {memory:.0f} MB at most so far")


def summary(gc_values, lengths):
    return {
        "reads": len(gc_values),
        "mean_gc": sum(gc_values) / len(gc_values),
        "mean_length": sum(lengths) / len(lengths),
        "high_gc": sum(1 for gc in gc_values if gc > 0.5),
    }


def streamed(path):
    reads, gc_sum, bases, high_gc = 0, 0.0, 0, 0
    with open(path) as file:
        for _, sequence, _ in FastqGeneralIterator(file):
            gc = gc_content(sequence)
            reads += 1
            gc_sum += gc
            bases += len(sequence)
            high_gc += gc > 0.5
    if reads == 0:
        sys.exit(f"no reads in {path}")
    return {"reads": reads, "mean_gc": gc_sum / reads, "mean_length": bases / reads, "high_gc": high_gc}


def serial(path):
    sequences = [record.seq for record in SeqIO.parse(path, "fastq")]
    return summary([gc_content(seq) for seq in sequences], [len(seq) for seq in sequences])


def parallel(path):
    sequences = [record.seq for record in SeqIO.parse(path, "fastq")]
    with ProcessPoolExecutor() as pool:
        # One by one, as the tutorial sends them, most of the time would go into sending.
        gc_values = list(pool.map(gc_content, sequences, chunksize=1000))
    return summary(gc_values, [len(seq) for seq in sequences])


def agree(a, b):
    keys = ["reads", "high_gc", "mean_length"]
    return all(a[key] == b[key] for key in keys) and abs(a["mean_gc"] - b["mean_gc"]) < 1e-9


def main(path):
    results = []
    for name, work in [("Streaming", streamed), ("Serial", serial), ("Parallel", parallel)]:
        start = time.time()
        results.append(work(path))
        report(name, results[-1], time.time() - start)
    assert agree(results[0], results[1]) and agree(results[1], results[2]), "the three ways differ"
    print("All three agree.")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "data/reads.fastq")
