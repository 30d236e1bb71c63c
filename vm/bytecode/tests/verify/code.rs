//! Instructions: their operands, jumps, windows and what each demands beyond them.

use super::*;

#[test]
fn the_last_instruction_never_falls_through() {
    for last in [Return { source: R0 }, ReturnNil {}, Jump { target: Distance(-1) }] {
        let mut program = program(&[]);
        program.functions[0].code = vec![last];
        assert_eq!(verify(&program), Ok(()));
    }
    for opcode in Opcode::ALL {
        let last = uniform(*opcode, 0).expect("0 fits every operand");
        if !matches!(last, Return { .. } | ReturnNil {} | Jump { .. }) {
            refused(
                |program| program.functions[0].code = vec![last],
                "control can run past its last instruction",
            );
        }
    }
}

/// Every operand of every instruction, by its kind: also of instructions that this test has never heard of.
#[test]
fn operands_lie_in_their_tables() {
    let mut kinds = Vec::new();
    for opcode in Opcode::ALL {
        for (place, (name, kind)) in opcode.operands().iter().enumerate() {
            // The length of the table is also the first number outside it.
            let length: i64 = match kind {
                OperandKind::Register => 4,
                OperandKind::Constant => 3,
                OperandKind::Function => 2,
                OperandKind::Native | OperandKind::Global | OperandKind::FieldSite => 1,
                OperandKind::CallSite | OperandKind::Shape | OperandKind::Structure => 1,
                OperandKind::Annotation => 1,
                OperandKind::Capture => 0,
                OperandKind::Type => Type::ALL.len() as i64,
                OperandKind::Jump | OperandKind::Count | OperandKind::Integer => continue,
            };
            kinds.push(*kind);
            let mut numbers =
                (0..opcode.operands().len()).map(|index| if index == place { length } else { 0 });
            let instruction = Instruction::from_operands(*opcode, || numbers.next());
            let mut program = program(&[instruction.expect("small numbers fit")]);
            let found = problem(&program);
            // An operand before it may be wrong in any case: a capture, of which the top level has none.
            let earlier = &opcode.operands()[..place];
            if !earlier.iter().any(|(_, kind)| *kind == OperandKind::Capture) {
                let expected = format!("{name} is {} {length}, but there are {length}", kind.name());
                assert_eq!(found, expected, "{}", opcode.name());
            }
            // With a longer table it is no longer the operand that is wrong.
            if *kind == OperandKind::Register {
                program.functions[0].register_count = 5;
                assert!(verify(&program).map_or_else(|error| error.problem, |()| String::new()) != found);
            }
        }
    }
    kinds.sort_by_key(|kind| kind.name());
    kinds.dedup();
    assert_eq!(kinds.len(), 12, "every kind of table: {kinds:?}");
}

#[test]
fn jumps_stay_in_the_function() {
    for opcode in Opcode::ALL {
        let is_jump = |(_, kind): &(_, OperandKind)| *kind == OperandKind::Jump;
        let Some((name, _)) = opcode.operands().iter().copied().find(is_jump) else {
            continue;
        };
        // These two need one more instruction; see below.
        if matches!(opcode, Opcode::RangeStart | Opcode::RangeStartBy) {
            continue;
        }
        let with_distance = |distance: i64| {
            // Some instructions want different registers.
            let mut operands = opcode.operands().iter().enumerate();
            let number = || {
                operands.next().map(|(place, (_, kind))| match kind {
                    OperandKind::Jump => distance,
                    OperandKind::Register => place as i64,
                    _ => 0,
                })
            };
            let jump = Instruction::from_operands(*opcode, number).expect("small numbers fit");
            let mut program = program(&[ReturnNil {}, jump, ReturnNil {}]);
            // `JumpIfGiven` is only for parameters: take a function that has one.
            let code = program.functions[0].code.clone();
            program.functions[1].code = code;
            program.functions[1].register_count = 4;
            program.functions[0].code = vec![ReturnNil {}];
            verify(&program).map_err(|error| error.problem)
        };
        // The jump is instruction 1 of 4.
        for distance in -2..=1 {
            assert_eq!(with_distance(distance), Ok(()), "{} {distance}", opcode.name());
        }
        for (distance, target) in [(-3, -1), (2, 4), (-30_000, -29_998), (30_000, 30_002)] {
            let expected = format!("{name} is {target}, outside the 4 instructions");
            assert_eq!(with_distance(distance), Err(expected), "{}", opcode.name());
        }
    }
    for distance in [i32::MIN, i32::MAX] {
        let target = Distance(distance);
        assert!(problem(&program(&[Jump { target }])).contains("outside the 2 instructions"));
    }
}

#[test]
fn something_stands_behind_an_instruction_that_is_left_out() {
    let exit = Distance(-1);
    for start in [RangeStart { base: R0, exit }, RangeStartBy { base: R0, exit }] {
        assert_eq!(verify(&program(&[start, ReturnNil {}])).map_err(|error| error.problem), Ok(()));
        let expected = "there is nothing behind the instruction that it leaves out";
        assert!(problem(&program(&[start])).contains(expected));
    }
}

/// The names of operands that begin a run of registers, and the runs that the verifier knows, agree.
#[test]
fn every_window_is_known() {
    let program = program(&[]);
    for opcode in Opcode::ALL {
        let instruction = uniform(*opcode, 0).expect("0 fits every operand");
        let begins = opcode.operands().iter().any(|(name, _)| ["base", "start", "bounds"].contains(name));
        let window = register_window(&instruction, &program);
        assert_eq!(window.is_some(), begins, "{}", opcode.name());
    }
}

#[test]
fn windows_lie_in_the_frame() {
    let jump = Distance(0);
    let beyond =
        |count: u32, start: u16| format!("{count} registers from r{start} are beyond the 4 registers");
    let loops: [fn(Register, Distance) -> Instruction; 5] = [
        |base, exit| CountStart { base, exit },
        |base, exit| CountStartInclusive { base, exit },
        |base, target| CountNext { base, target },
        |base, _| IterateStart { base },
        |base, exit| IterateNext { base, exit },
    ];
    for each in loops {
        last_good_first_bad(each(Register(1), jump), each(Register(2), jump), &beyond(3, 2));
    }
    last_good_first_bad(
        IterateNextPair { base: R0, exit: jump },
        IterateNextPair { base: Register(1), exit: jump },
        &beyond(4, 1),
    );
    let builders: [fn(Count) -> Instruction; 5] = [
        |count| NewList { destination: R0, start: Register(1), count },
        |count| NewTuple { destination: R0, start: Register(1), count },
        |count| NewSet { destination: R0, start: Register(1), count },
        |count| Interpolate { destination: R0, start: Register(1), count },
        |count| RaiseUndefined { start: Register(1), count },
    ];
    for each in builders {
        last_good_first_bad(each(Count(3)), each(Count(4)), &beyond(4, 1));
        assert_eq!(problem(&program(&[each(Count(u16::MAX))])), beyond(65535, 1));
    }
    let record = |start| NewRecord { destination: R0, shape: ShapeIndex(0), start };
    last_good_first_bad(record(Register(2)), record(Register(3)), &beyond(2, 3));
    let slice = |bounds| Slice { destination: R0, object: R0, bounds };
    last_good_first_bad(slice(Register(1)), slice(Register(2)), &beyond(3, 2));
    let calls: [fn(Count) -> Instruction; 4] = [
        |count| Call { base: Register(1), count },
        |count| CallFunction { base: Register(1), count, function: FunctionIndex(1) },
        |count| CallNative { base: Register(1), count, native: NativeIndex(0) },
        |count| CallMethod { base: Register(1), count, name: FieldSite(0) },
    ];
    for each in calls {
        last_good_first_bad(each(Count(2)), each(Count(3)), &beyond(4, 1));
        assert_eq!(problem(&program(&[each(Count(u16::MAX))])), beyond(65536, 1));
    }
    let with = |base| CallWith { base, site: CallSiteIndex(0) };
    last_good_first_bad(with(Register(1)), with(Register(2)), &beyond(3, 2));
}

/// Where an instruction moves a value out of one register while it changes what another holds.
#[test]
fn a_value_does_not_become_a_part_of_itself() {
    let (r1, r2) = (Register(1), Register(2));
    let (field, target) = (FieldSite(0), biovm_bytecode::operand::ShortJump(0));
    type OfRegisters = fn(Register, Register, Register) -> Instruction;
    let by_registers: [(OfRegisters, &str); 4] = [
        (|value, object, index| SetIndex { object, index, value }, "value and object are both r1"),
        (|source, cell, _| StoreCell { cell, source }, "source and cell are both r1"),
        (
            |destination, object, index| TakeIndex { destination, object, index },
            "destination and object are both r1",
        ),
        (
            |destination, object, _| TakeField { destination, object, field: FieldSite(0) },
            "destination and object are both r1",
        ),
    ];
    for (build, expected) in by_registers {
        last_good_first_bad(build(r1, r2, R0), build(r1, r1, R0), expected);
        // A value may be indexed by itself; that is an error when it runs.
        assert_eq!(verify(&program(&[build(r1, r2, r2)])), Ok(()));
    }
    let set = |value| SetField { object: r1, field, value };
    last_good_first_bad(set(r2), set(r1), "value and object are both r1");
    let append = |source| AppendInPlace { list: r1, source, target };
    last_good_first_bad(append(r2), append(r1), "source and list are both r1");
    let append = |source| Append { list: r1, source };
    last_good_first_bad(append(r2), append(r1), "source and list are both r1");
}

#[test]
fn reading_through_stands_before_what_it_reads() {
    let (r1, r2) = (Register(1), Register(2));
    let through = GetIndexThrough { destination: r1, object: R0, index: R0 };
    let index = |object, index| GetIndex { destination: r2, object, index };
    let field = |object| GetField { destination: r2, object, field: FieldSite(0) };
    for good in [index(r1, R0), index(r1, r2), field(r1)] {
        assert_eq!(verify(&program(&[through, good])), Ok(()));
    }
    // The last one would read what the first was to write.
    for bad in [index(r2, R0), field(R0), ReturnNil {}, through, index(r1, r1)] {
        let expected = "the next instruction is no index or field of r1";
        assert_eq!(problem(&program(&[through, bad])), expected);
    }
}

#[test]
fn instructions_get_the_constants_they_need() {
    let within = |prefix| RaiseWithin { source: R0, prefix: biovm_bytecode::operand::Constant(prefix) };
    last_good_first_bad(within(2), within(1), "the prefix is no Str");
    let format = |constant| Format { destination: R0, source: R0, specification: ShortConstant(constant) };
    last_good_first_bad(format(2), format(0), "the format specification is no Str");
    let arithmetic: [fn(ShortConstant) -> Instruction; 4] = [
        |constant| AddConstant { destination: R0, left: R0, constant },
        |constant| SubtractConstant { destination: R0, left: R0, constant },
        |constant| MultiplyConstant { destination: R0, left: R0, constant },
        |constant| DivideConstant { destination: R0, left: R0, constant },
    ];
    for each in arithmetic {
        last_good_first_bad(each(ShortConstant(0)), each(ShortConstant(2)), "the constant is no number");
        assert_eq!(verify(&program(&[each(ShortConstant(1))])), Ok(()));
    }
}

#[test]
fn forms_of_destructuring_exist() {
    let check = |form| CheckDestructure { source: R0, form: ShortInteger(form) };
    last_good_first_bad(check(3), check(4), "there is no form 4");
    last_good_first_bad(check(0), check(-1), "there is no form -1");
}

#[test]
fn something_stands_behind_what_is_left_out() {
    let target = Distance(0);
    for start in [RangeStart { base: R0, exit: target }, RangeStartBy { base: R0, exit: target }] {
        assert_eq!(verify(&program(&[start, ReturnNil {}])), Ok(()));
        let expected = "there is nothing behind the instruction that it leaves out";
        assert_eq!(problem(&program(&[start])), expected);
    }
}

#[test]
fn a_callee_in_place_is_below_the_window() {
    let call = |callee| CallRegister { base: Register(1), count: Count(1), callee: Register(callee) };
    let expected = "the callee is no register below the call's window";
    last_good_first_bad(call(0), call(1), expected);
    assert_eq!(problem(&program(&[call(2)])), expected);
}

#[test]
fn items_are_counted_from_zero() {
    let item = |index| GetItemOrNil { destination: R0, object: R0, index: ShortInteger(index) };
    last_good_first_bad(item(0), item(-1), "there is no item -1");
    let rest = |index| GetRest { destination: R0, object: R0, index: ShortInteger(index) };
    last_good_first_bad(rest(i16::MAX), rest(i16::MIN), "there is no item -32768");
}

#[test]
fn methods_have_an_object() {
    let call = |count| CallMethod { base: R0, count: Count(count), name: FieldSite(0) };
    last_good_first_bad(call(1), call(0), "a method needs its object as the first argument");
    let site = |method, arguments: &[Argument]| CallSite { method, arguments: arguments.to_vec() };
    let mut good = program(&[]);
    good.call_sites = vec![site(Some(1), &[Argument::Positional, Argument::Named(1), Argument::Spread])];
    assert_eq!(verify(&good), Ok(()));
    for arguments in [[].as_slice(), &[Argument::Spread], &[Argument::Named(0)]] {
        refused(
            |program| program.call_sites[0] = site(Some(0), arguments),
            "call site 0: a method needs its object as the first argument",
        );
    }
    refused(
        |program| program.call_sites[0] = site(Some(2), &[Argument::Positional]),
        "call site 0: name 2 is beyond the 2 names",
    );
    refused(
        |program| program.call_sites[0] = site(None, &[Argument::Named(2)]),
        "call site 0: name 2 is beyond the 2 names",
    );
}

#[test]
fn captures_exist() {
    // The function that captures is number 1; the top level calls it and makes closures of it.
    let call = CallFunction { base: R0, count: Count(1), function: FunctionIndex(1) };
    let new_closure = NewClosure { destination: R0, function: FunctionIndex(1) };
    let with = |code: &[Instruction], captures: &[CaptureSource]| {
        let mut program = program(code);
        program.functions[1].captures = captures.to_vec();
        verify(&program).map_err(|error| error.problem)
    };
    let register = |number| CaptureSource::Register(Register(number));
    assert_eq!(with(&[call], &[]), Ok(()));
    assert_eq!(
        with(&[call], &[register(0)]),
        Err("the function captures variables, so it needs a closure".to_owned())
    );
    assert_eq!(with(&[new_closure], &[]), Ok(()));
    assert_eq!(with(&[new_closure], &[register(3), register(0)]), Ok(()));
    assert_eq!(
        with(&[new_closure], &[register(4), register(0)]),
        Err("it captures register 4 of 4".to_owned())
    );
    assert_eq!(
        with(&[new_closure], &[register(0), CaptureSource::Capture(0)]),
        Err("it captures capture 0 of 0".to_owned())
    );

    // A closure within the closure: its captures are those of the function around it.
    let nested = |inner: &[CaptureSource], code: Instruction| {
        let mut program = program(&[]);
        program.functions[1].captures = vec![register(0)];
        program.functions[1].code.insert(0, code);
        let mut innermost = program.functions[0].clone();
        innermost.captures = inner.to_vec();
        program.functions.push(innermost);
        verify(&program).map_err(|error| error.problem)
    };
    let new_closure = NewClosure { destination: R0, function: FunctionIndex(2) };
    assert_eq!(nested(&[CaptureSource::Capture(0)], new_closure), Ok(()));
    assert_eq!(
        nested(&[CaptureSource::Capture(1)], new_closure),
        Err("it captures capture 1 of 1".to_owned())
    );
    let uses: [fn(Capture) -> Instruction; 3] = [
        |capture| LoadCapture { destination: R0, capture },
        |capture| LoadCaptureCell { destination: R0, capture },
        |capture| StoreCaptureCell { source: R0, capture },
    ];
    for each in uses {
        assert_eq!(nested(&[], each(Capture(0))), Ok(()));
        let expected = "capture is capture 1, but there are 1".to_owned();
        assert_eq!(nested(&[], each(Capture(1))), Err(expected));
    }
}

#[test]
fn only_parameters_can_be_given() {
    let with = |parameter| {
        let mut program = program(&[]);
        program.functions[1].register_count = 2;
        let target = Distance(0);
        program.functions[1].code.insert(0, JumpIfGiven { parameter, target });
        verify(&program).map_err(|error| error.problem)
    };
    assert_eq!(with(R0), Ok(()));
    assert_eq!(with(Register(1)), Err("r1 is none of the 1 parameters".to_owned()));
}

#[test]
fn only_parameters_are_checked() {
    let with = |parameter| {
        let mut program = program(&[]);
        program.functions[1].register_count = 2;
        program.functions[1].code.insert(0, CheckArgument { parameter, annotation: AnnotationIndex(0) });
        verify(&program).map_err(|error| error.problem)
    };
    assert_eq!(with(R0), Ok(()));
    assert_eq!(with(Register(1)), Err("r1 is none of the 1 parameters".to_owned()));
}

#[test]
fn structures_have_names_and_different_fields() {
    let structure =
        |name, variant_of, fields: &[u32]| Structure { name, variant_of, fields: fields.to_vec() };
    refused(
        |program| program.structures[0] = structure(2, None, &[]),
        "structure 0: name 2 is beyond the 2 names",
    );
    refused(
        |program| program.structures[0] = structure(0, Some(2), &[]),
        "structure 0: name 2 is beyond the 2 names",
    );
    refused(
        |program| program.structures[0] = structure(0, None, &[2]),
        "structure 0: name 2 is beyond the 2 names",
    );
    refused(
        |program| program.structures[0] = structure(0, None, &[1, 1]),
        "structure 0: the key `b` comes twice",
    );
    // The fields come from the registers from `start` on, of which there are four.
    let new = |start| NewStructure {
        destination: R0,
        structure: biovm_bytecode::operand::StructureIndex(0),
        start: Register(start),
    };
    assert_eq!(verify(&program(&[new(3)])), Ok(()));
    let mut wide = program(&[new(3)]);
    wide.structures[0] = structure(0, None, &[0, 1]);
    assert!(verify(&wide).is_err());
}
