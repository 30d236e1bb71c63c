//! Tables and functions, apart from their code, and how an error reads.

use super::*;

#[test]
fn the_error_names_the_place() {
    let mut broken = sample();
    broken.functions[1].code[2] = GetField { destination: Register(9), object: R0, field: FieldSite(0) };
    let error = verify(&broken).expect_err("register 9 does not exist");
    assert_eq!(
        error.to_string(),
        "invalid program: function 1 `gc`, instruction 2 `GetField r9, r0, .gc`: \
         destination is register 9, but there are 4"
    );
    let Place::Instruction { function: 1, name, number: 2, .. } = error.place else { panic!("{error:?}") };
    assert_eq!(name, "gc");

    let mut broken = sample();
    broken.functions[2].register_count = 0;
    let error = verify(&broken).expect_err("there is no room for the parameter");
    assert_eq!(error.to_string(), "invalid program: function 2: 1 parameters do not fit 0 registers");

    let error = verify(&Program::default()).expect_err("there is no top level");
    assert_eq!(error.to_string(), "invalid program: it has no functions");
    assert_eq!(error.place, Place::Program);
}

#[test]
fn the_top_level_is_nobodys_closure() {
    refused(|program| program.functions.clear(), "it has no functions");
    let parameter = Parameter { name: 0, has_default: false };
    refused(|program| program.functions[0].parameters.push(parameter), "the top level has parameters");
    let capture = CaptureSource::Register(R0);
    refused(|program| program.functions[0].captures.push(capture), "the top level has captures");
}

#[test]
fn functions_are_declared_well() {
    refused(|program| program.functions[1].register_count = 0, "1 parameters do not fit 0 registers");
    refused(
        |program| program.functions[0].has_rest = true,
        "it collects further arguments, but has no parameter for them",
    );
    refused(
        |program| program.functions[1].parameters[0].name = 2,
        "parameter 0: name 2 is beyond the 2 names",
    );
    refused(|program| program.functions[0].field_sites[0] = 2, "field 0: name 2 is beyond the 2 names");
    refused(|program| program.functions[0].code.clear(), "it has no code");
}

#[test]
fn handlers_lie_in_the_code() {
    let good = Handler { start: 0, end: 2, target: 1, register: Register(3) };
    let with = |handler| {
        let mut program = program(&[LoadNil { destination: R0 }]);
        program.functions[0].handlers = vec![good, handler];
        verify(&program).map_err(|error| error.problem)
    };
    assert_eq!(with(good), Ok(()));
    assert_eq!(with(Handler { start: 2, ..good }), Ok(()));
    let refused = |handler, expected: &str| assert_eq!(with(handler), Err(expected.to_owned()));
    refused(Handler { start: 2, end: 1, ..good }, "handler 1: 2..1 is no part of the 2 instructions");
    refused(Handler { end: 3, ..good }, "handler 1: 0..3 is no part of the 2 instructions");
    refused(Handler { target: 2, ..good }, "handler 1: target 2 is outside the 2 instructions");
    refused(Handler { register: Register(4), ..good }, "handler 1: register 4 is beyond the 4 registers");
}

#[test]
fn positions_lie_in_the_source() {
    let good = SourceSpan { source: 0, start: 0, end: 6 };
    let with = |spans: &[SourceSpan]| {
        let mut program = program(&[]);
        let source = Source { name: "a.bl".to_owned(), text: "\"é\" 1".to_owned() };
        program.debug = Some(DebugInfo { sources: vec![source] });
        program.functions[0].spans = spans.to_vec();
        verify(&program).map_err(|error| error.problem)
    };
    assert_eq!(with(&[]), Ok(()));
    assert_eq!(with(&[good]), Ok(()));
    assert_eq!(with(&[SourceSpan { start: 6, ..good }]), Ok(()));
    let refused = |spans: &[SourceSpan], expected: &str| assert_eq!(with(spans), Err(expected.to_owned()));
    refused(&[good, good], "2 positions for 1 instructions");
    refused(&[SourceSpan { source: 1, ..good }], "position 0: there is no source 1");
    refused(&[SourceSpan { start: 5, end: 4, ..good }], "position 0: 5..4 is no part of the source text");
    refused(&[SourceSpan { end: 7, ..good }], "position 0: 0..7 is no part of the source text");
    refused(&[SourceSpan { start: 2, ..good }], "position 0: 2..6 is no part of the source text");

    let mut without_source = program(&[]);
    without_source.functions[0].spans = vec![good];
    assert_eq!(problem(&without_source), "it has positions, but the program has no sources");
}

#[test]
fn shapes_have_different_keys() {
    refused(|program| program.shapes.push(vec![2]), "shape 1: name 2 is beyond the 2 names");
    refused(|program| program.shapes.push(vec![0, 1, 0]), "shape 1: the key `a` comes twice");
    // The same text under another number is the same key.
    let same_text = |program: &mut Program| {
        program.names.push("a".to_owned());
        program.shapes.push(vec![2, 0]);
    };
    refused(same_text, "shape 1: the key `a` comes twice");
    let mut good = program(&[]);
    good.shapes = vec![vec![0, 1], vec![1, 0], vec![0], vec![]];
    assert_eq!(verify(&good), Ok(()));
}

#[test]
fn biological_literals_have_the_letters_of_their_type() {
    let with = |of, letters: &str| {
        let mut program = program(&[]);
        program.constants.push(ConstantValue::Sequence(of, letters.to_owned()));
        verify(&program).map_err(|error| error.problem)
    };
    let quality: String = (33..=126_u8).map(char::from).collect();
    for (of, letters) in [
        (Type::Dna, "ACGTNRYWSMKBDHV"),
        (Type::Rna, "ACGUNRYWSMKBDHV"),
        (Type::Protein, "ABCDEFGHIJKLMNOPQRSTUVWXYZ*"),
        (Type::Quality, &quality),
        (Type::Dna, ""),
    ] {
        assert_eq!(with(of, letters), Ok(()));
    }
    for (of, letters, expected) in [
        (Type::Dna, "ACGU", "constant 3: 'U' is no letter of DNA"),
        (Type::Dna, "ACGt", "constant 3: 't' is no letter of DNA"),
        (Type::Rna, "ACGT", "constant 3: 'T' is no letter of RNA"),
        (Type::Protein, "MK-T", "constant 3: '-' is no letter of Protein"),
        (Type::Protein, "mk", "constant 3: 'm' is no letter of Protein"),
        (Type::Quality, "I I", "constant 3: ' ' is no letter of Quality"),
        (Type::Quality, "I\u{7f}", "constant 3: '\\x7f' is no letter of Quality"),
        (Type::Quality, "é", "constant 3: '\\xc3' is no letter of Quality"),
        (Type::Str, "ACGT", "constant 3: Str is no type of biological literals"),
        (Type::Kmer, "", "constant 3: Kmer is no type of biological literals"),
    ] {
        assert_eq!(with(of, letters), Err(expected.to_owned()));
    }
}

#[test]
fn annotations_consist_of_earlier_ones() {
    let with = |forms: &[AnnotationForm]| {
        let mut program = program(&[]);
        let forms = forms.iter().map(|form| Annotation { text: String::new(), form: form.clone() });
        program.annotations.extend(forms);
        verify(&program).map_err(|error| error.problem)
    };
    let good = [
        AnnotationForm::Structure(1),
        AnnotationForm::Optional(1),
        AnnotationForm::Union(vec![0, 1, 2]),
        AnnotationForm::Items(Type::List, 3),
        AnnotationForm::Tuple(vec![0, 4]),
    ];
    assert_eq!(with(&good), Ok(()));
    for (bad, expected) in [
        (AnnotationForm::Structure(2), "annotation 1: name 2 is beyond the 2 names"),
        (AnnotationForm::Optional(1), "annotation 1: annotation 1 does not come before it"),
        (AnnotationForm::Union(vec![0, 2]), "annotation 1: annotation 2 does not come before it"),
        (AnnotationForm::Items(Type::List, 7), "annotation 1: annotation 7 does not come before it"),
        (
            AnnotationForm::Tuple(vec![u32::MAX]),
            "annotation 1: annotation 4294967295 does not come before it",
        ),
    ] {
        assert_eq!(with(&[bad]), Err(expected.to_owned()));
    }
    let chain = |length: u32| (0..length).map(AnnotationForm::Optional).collect::<Vec<_>>();
    assert_eq!(with(&chain(1000)), Ok(()));
    assert_eq!(with(&chain(1001)), Err("annotation 1001: it nests more than 1000 deep".to_owned()));
    // Each has twice the parts of the one before it, and one more.
    let doubled =
        |length: u32| (0..length).map(|part| AnnotationForm::Union(vec![part; 2])).collect::<Vec<_>>();
    assert_eq!(with(&doubled(19)), Ok(()));
    assert_eq!(with(&doubled(20)), Err("annotation 20: it has more than 1048576 parts".to_owned()));
}

#[test]
fn regions_lie_in_the_code() {
    use biovm_bytecode::program::{Region, RegionKind};
    let with = |start, end, kind| {
        let mut program = program(&[LoadNil { destination: R0 }]);
        program.functions[0].regions = vec![Region { start, end, kind }];
        verify(&program).map_err(|error| error.problem)
    };
    let builtin = |call, entry| RegionKind::Builtin { call, entry };
    assert_eq!(with(0, 2, builtin(1, 1)), Ok(()));
    assert_eq!(with(2, 2, RegionKind::Stage { name: 0 }), Ok(()));
    for (start, end, kind) in
        [(1, 0, builtin(0, 0)), (0, 3, builtin(0, 0)), (0, 2, builtin(2, 0)), (0, 2, builtin(0, 2))]
    {
        let expected = format!("region 0: {start}..{end} is no part of the 2 instructions");
        assert_eq!(with(start, end, kind), Err(expected));
    }
    assert_eq!(with(0, 1, RegionKind::Stage { name: 99 }), Err("region 0: there is no name 99".to_owned()));
}

#[test]
fn lambdas_in_place_lie_in_the_code() {
    let with = |start, end, call| {
        let mut program = program(&[LoadNil { destination: R0 }]);
        program.functions[0].inlined = vec![biovm_bytecode::program::Inlined { start, end, call }];
        verify(&program).map_err(|error| error.problem)
    };
    assert_eq!(with(0, 2, 1), Ok(()));
    for (start, end, call) in [(1, 0, 0), (0, 3, 0), (0, 2, 2)] {
        let expected =
            format!("lambda 0: {start}..{end}, called at {call}, is no part of the 2 instructions");
        assert_eq!(with(start, end, call), Err(expected));
    }
}
