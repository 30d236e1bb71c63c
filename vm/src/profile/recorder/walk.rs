//! From the frames of a machine to a node of the call tree.

use super::Recorder;
use crate::profile::tree::{Callee, NOWHERE, NodeId, ROOT};
use crate::program::{LoadedFunction, LoadedProgram};
use std::sync::Arc;

/// A frame, as the recorder sees it.
#[derive(Clone, Copy)]
pub(crate) struct Step<'f> {
    pub(crate) function: &'f LoadedFunction,
    pub(crate) program: &'f Arc<LoadedProgram>,
    /// The instruction that it is at.
    pub(crate) instruction: u32,
}

/// How far a walk along the frames has come.
struct Walk {
    position: usize,
    node: NodeId,
}

impl Recorder {
    /// Goes along what runs now: the frames with their numbers, the outermost first; some in the middle may be left out. Gives the
    /// node of the last one.
    pub(crate) fn walk<'f>(&mut self, steps: impl Iterator<Item = (usize, Step<'f>)>) -> NodeId {
        let mut walk = Walk { position: 0, node: ROOT };
        let mut natives = 0;
        let mut caller: Option<Step<'f>> = None;
        let mut expected = 0;
        for (number, step) in steps {
            if number != expected {
                // What is called far down hangs on the last node that there is before.
                caller = None;
                natives = self.natives.len().saturating_sub(1);
            }
            expected = number + 1;
            if let Some(caller) = caller {
                if !caller.function.regions.is_empty() {
                    walk.node = self.record.tree.within_regions(walk.node, caller.instruction);
                }
                while let Some(&(_, native)) =
                    self.natives.get(natives).filter(|(below, _)| *below <= number + self.first_frame)
                {
                    let key = std::ptr::from_ref(native).addr();
                    let callee = |_: &mut Recorder| Callee::Native(native);
                    self.go_to(&mut walk, key, caller.instruction, callee);
                    natives += 1;
                }
            }
            let key = std::ptr::from_ref(step.function).addr();
            self.go_to(&mut walk, key, NOWHERE, |recorder| {
                Callee::Function(recorder.info(key, step.program, step.function.number))
            });
            caller = Some(step);
        }
        // All but the last of those that run now; that one is part of the spot.
        if let Some(caller) = caller {
            let last = self.natives.len().saturating_sub(1);
            if natives < last && !caller.function.regions.is_empty() {
                walk.node = self.record.tree.within_regions(walk.node, caller.instruction);
            }
            while natives < last {
                let native = self.natives[natives].1;
                let key = std::ptr::from_ref(native).addr();
                self.go_to(&mut walk, key, caller.instruction, |_| Callee::Native(native));
                natives += 1;
            }
        }
        walk.node
    }

    /// One step further: mostly the same as the last time.
    #[inline]
    fn go_to(
        &mut self,
        walk: &mut Walk,
        key: usize,
        site: u32,
        callee: impl FnOnce(&mut Recorder) -> Callee,
    ) {
        let place = walk.position;
        walk.position += 1;
        let parent = walk.node;
        if let Some((known, known_site, node)) = self.path.get(place)
            && (*known, *known_site) == (key, site)
            && self.record.tree.node(*node).parent == parent
        {
            walk.node = *node;
            return;
        }
        let node = match self.record.tree.find(parent, key, site) {
            Some(node) => node,
            None => self.aside(|recorder| {
                let callee = callee(recorder);
                recorder.record.order.entry(key).or_insert_with(|| callee.clone());
                recorder.record.tree.child(parent, key, site, || callee)
            }),
        };
        self.path.truncate(place);
        self.path.push((key, site, node));
        walk.node = node;
    }
}
