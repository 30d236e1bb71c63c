//! The call tree: a node for each way in which a function was reached.

use crate::native::Native;
use crate::program::{LoadedFunction, LoadedProgram};
use biovm_bytecode::Instruction;
use biovm_bytecode::program::RegionKind;
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// A node, by its number.
pub(crate) type NodeId = u32;

/// The node of everything.
pub(crate) const ROOT: NodeId = 0;

/// Where no instruction is meant.
pub(crate) const NOWHERE: u32 = u32::MAX;

/// More nodes than this are not made: what is called further down hangs on the root then. Functions that call each other
/// without end would have one for each way through them.
const MOST_NODES: usize = 100_000;

/// Deeper stacks are cut there: what is called further down hangs on the node of this depth.
pub(crate) const MOST_DEPTH: u32 = 250;

/// A function that has run, with what the recorder wants to know of it.
pub(crate) struct FunctionInfo {
    pub(crate) program: Arc<LoadedProgram>,
    pub(crate) number: usize,
    /// For each instruction the innermost region that it belongs to, as its number and 1; empty where there are no regions.
    innermost: Box<[u16]>,
    /// The same for each region: the one around it.
    outer: Box<[u16]>,
}

impl FunctionInfo {
    pub(crate) fn new(program: Arc<LoadedProgram>, number: usize) -> FunctionInfo {
        let function = &program.functions[number];
        let regions = &function.regions;
        let mut order: Vec<usize> = (0..regions.len().min(usize::from(u16::MAX) - 1)).collect();
        // Inner ones are shorter than those around them, and written over them.
        order.sort_by_key(|&number| std::cmp::Reverse(regions[number].end - regions[number].start));
        let mut outer = vec![0; regions.len()].into_boxed_slice();
        let mut innermost: Box<[u16]> = match regions.is_empty() {
            true => Box::default(),
            false => vec![0; function.code.len()].into_boxed_slice(),
        };
        for number in order {
            let region = &regions[number];
            let stretch = &mut innermost[region.start as usize..region.end as usize];
            if let Some(first) = stretch.first() {
                outer[number] = *first;
                stretch.fill(number as u16 + 1);
            }
        }
        FunctionInfo { program, number, innermost, outer }
    }

    pub(crate) fn function(&self) -> &LoadedFunction {
        &self.program.functions[self.number]
    }

    /// The regions around an instruction, the innermost first.
    pub(crate) fn regions(&self, instruction: u32) -> impl Iterator<Item = usize> {
        let region = |at: u16| usize::from(at).checked_sub(1);
        let first = self.innermost.get(instruction as usize).copied().unwrap_or(0);
        std::iter::successors(region(first), move |&at| region(self.outer[at]))
    }

    /// The builtin that an instruction calls, where it names one.
    pub(crate) fn native_at(&self, instruction: u32) -> Option<&'static Native> {
        match self.function().code.get(instruction as usize)? {
            Instruction::CallNative { native, .. } | Instruction::CallDirect { native, .. } => {
                self.program.natives.get(native.index()).copied()
            }
            _ => None,
        }
    }

    /// What a region stands for, and the instruction that says where it is written.
    pub(crate) fn callee_of(self: &Arc<Self>, region: usize) -> Option<(Callee, u32)> {
        let region_data = self.function().regions.get(region)?;
        match region_data.kind {
            RegionKind::Builtin { call, .. } => Some((Callee::Native(self.native_at(call)?), call)),
            RegionKind::Stage { .. } => Some((Callee::Stage(self.clone(), region), region_data.start)),
        }
    }
}

/// What a node stands for.
#[derive(Clone)]
pub(crate) enum Callee {
    /// Everything.
    Root,
    Function(Arc<FunctionInfo>),
    Native(&'static Native),
    /// A `stage name -> …` of the function.
    Stage(Arc<FunctionInfo>, usize),
}

impl Callee {
    /// Tells it from others: an address, which stays as long as the program does.
    pub(crate) fn key(&self) -> usize {
        match self {
            Callee::Root => 0,
            Callee::Function(info) => std::ptr::from_ref(info.function()).addr(),
            Callee::Native(native) => std::ptr::from_ref(*native).addr(),
            Callee::Stage(info, region) => std::ptr::from_ref(&info.function().regions[*region]).addr(),
        }
    }
}

/// A node of the call tree.
pub(crate) struct Node {
    pub(crate) parent: NodeId,
    pub(crate) callee: Callee,
    /// The instruction of the nearest function above that calls it; [`NOWHERE`] for functions of the script, which are not
    /// told apart by that.
    pub(crate) site: u32,
    depth: u32,
    /// Whether it is a function with regions, so that it matters which instruction calls.
    has_regions: bool,
    /// Children that were asked for lately, by their key.
    recent: [(usize, u32, NodeId); RECENT],
}

/// How many children of a node are found without a look into the table of all.
const RECENT: usize = 4;

/// Which of them a key may be.
#[inline(always)]
fn place_of(key: usize) -> usize {
    // The upper bits of a product depend on all bits of the key.
    ((key as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 62) as usize
}

/// The call tree.
pub(crate) struct Tree {
    nodes: Vec<Node>,
    children: FxHashMap<(NodeId, u32, usize), NodeId>,
}

impl Tree {
    pub(crate) fn new() -> Tree {
        let root = Node {
            parent: ROOT,
            callee: Callee::Root,
            site: NOWHERE,
            depth: 0,
            has_regions: false,
            recent: [(0, NOWHERE, ROOT); RECENT],
        };
        Tree { nodes: vec![root], children: FxHashMap::default() }
    }

    #[inline]
    pub(crate) fn node(&self, node: NodeId) -> &Node {
        &self.nodes[node as usize]
    }

    #[inline]
    pub(crate) fn node_mut(&mut self, node: NodeId) -> &mut Node {
        &mut self.nodes[node as usize]
    }

    /// The number of nodes. Parents have lower numbers than their children.
    pub(crate) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// The node for a callee below another one, where there is one.
    #[inline]
    pub(crate) fn find(&mut self, parent: NodeId, key: usize, site: u32) -> Option<NodeId> {
        let (known, known_site, node) = self.node(parent).recent[place_of(key)];
        if known == key && known_site == site {
            return Some(node);
        }
        let node = *self.children.get(&(parent, site, key))?;
        self.node_mut(parent).recent[place_of(key)] = (key, site, node);
        Some(node)
    }

    /// The node for a callee below another one.
    #[inline]
    pub(crate) fn child(
        &mut self,
        parent: NodeId,
        key: usize,
        site: u32,
        callee: impl FnOnce() -> Callee,
    ) -> NodeId {
        match self.find(parent, key, site) {
            Some(node) => node,
            None => self.add(parent, key, site, callee()),
        }
    }

    #[inline(never)]
    fn add(&mut self, asked: NodeId, key: usize, site: u32, callee: Callee) -> NodeId {
        let mut parent = if self.nodes.len() >= MOST_NODES { ROOT } else { asked };
        while self.node(parent).depth >= MOST_DEPTH {
            parent = self.node(parent).parent;
        }
        let node = match self.children.get(&(parent, site, key)) {
            Some(&node) => node,
            None => {
                let node = self.nodes.len() as NodeId;
                let depth = self.node(parent).depth + 1;
                let has_regions = matches!(&callee, Callee::Function(info) if !info.innermost.is_empty());
                let recent = [(0, NOWHERE, ROOT); RECENT];
                self.nodes.push(Node { parent, callee, site, depth, has_regions, recent });
                self.children.insert((parent, site, key), node);
                node
            }
        };
        self.node_mut(asked).recent[place_of(key)] = (key, site, node);
        node
    }

    /// The function of the script that a node belongs to: its own, or that of the nearest one above.
    pub(crate) fn function_of(&self, mut node: NodeId) -> Option<&Arc<FunctionInfo>> {
        loop {
            match &self.node(node).callee {
                Callee::Function(info) => return Some(info),
                Callee::Root => return None,
                _ => node = self.node(node).parent,
            }
        }
    }

    /// The node below which things stand that the instruction of a node's function calls: the node itself, or that of the
    /// region around the instruction.
    #[inline]
    pub(crate) fn within_regions(&mut self, node: NodeId, instruction: u32) -> NodeId {
        match &self.node(node).callee {
            Callee::Function(info) if self.node(node).has_regions => {
                let info = info.clone();
                self.region_node(node, &info, instruction)
            }
            _ => node,
        }
    }

    #[inline(never)]
    fn region_node(&mut self, node: NodeId, info: &Arc<FunctionInfo>, instruction: u32) -> NodeId {
        let mut around: Vec<usize> = info.regions(instruction).collect();
        around.reverse();
        let mut parent = node;
        for region in around {
            if let Some((callee, site)) = info.callee_of(region) {
                parent = self.child(parent, callee.key(), site, || callee);
            }
        }
        parent
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::native::native;
    use crate::value::Value;

    static A: Native = native("a", |_| Ok(Value::Nil));
    static B: Native = native("b", |_| Ok(Value::Nil));

    fn below(tree: &mut Tree, parent: NodeId, native: &'static Native) -> NodeId {
        let callee = Callee::Native(native);
        tree.child(parent, callee.key(), 0, || callee)
    }

    #[test]
    fn each_way_has_a_node() {
        let mut tree = Tree::new();
        let a = below(&mut tree, ROOT, &A);
        let b = below(&mut tree, ROOT, &B);
        let ab = below(&mut tree, a, &B);
        assert!(a != b && b != ab && a != ab);
        assert_eq!((below(&mut tree, ROOT, &A), below(&mut tree, a, &B)), (a, ab));
        assert_eq!(tree.node(ab).parent, a);
    }

    #[test]
    fn deep_stacks_are_cut() {
        let mut tree = Tree::new();
        let mut at = ROOT;
        for round in 0..10_000 {
            at = below(&mut tree, at, if round % 2 == 0 { &A } else { &B });
        }
        assert!(tree.len() < 300, "{}", tree.len());
    }
}
