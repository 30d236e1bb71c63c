//! What format a file has, by its first bytes.

/// The format of a file of biological data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// `>`
    Fasta,
    /// `@`
    Fastq,
    /// Alignments as text.
    Sam,
    /// Alignments.
    Bam,
    /// Alignments against a reference.
    Cram,
    /// Variants as text.
    Vcf,
}

impl Format {
    /// The name in messages.
    pub fn name(self) -> &'static str {
        match self {
            Format::Fasta => "FASTA",
            Format::Fastq => "FASTQ",
            Format::Sam => "SAM",
            Format::Bam => "BAM",
            Format::Cram => "CRAM",
            Format::Vcf => "VCF",
        }
    }

    /// What the names of its builtins end in: `read_…`, `stream_…`.
    pub fn word(self) -> &'static str {
        match self {
            Format::Fasta => "fasta",
            Format::Fastq => "fastq",
            Format::Sam => "sam",
            Format::Bam => "bam",
            Format::Cram => "cram",
            Format::Vcf => "vcf",
        }
    }
}

/// The format that the start of a file, decompressed, looks like.
pub fn sniff(start: &[u8]) -> Option<Format> {
    let start = start.trim_ascii_start();
    let sam_header = [b"@HD\tVN:", b"@SQ\tSN:", b"@RG\tID:", b"@PG\tID:"];
    match start {
        [b'B', b'A', b'M', 1, ..] => Some(Format::Bam),
        [b'C', b'R', b'A', b'M', 1..=4, ..] => Some(Format::Cram),
        _ if start.starts_with(b"##fileformat=VCF") => Some(Format::Vcf),
        _ if sam_header.iter().any(|header| start.starts_with(*header)) => Some(Format::Sam),
        [b'>', ..] => Some(Format::Fasta),
        [b'@', ..] => Some(Format::Fastq),
        _ => None,
    }
}
