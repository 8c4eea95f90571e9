//! Where labels of bubbles stand: beside their bubble where there is room, further off with a line to it where there is
//! not, and nowhere where no place is free. No label stands on another, on a bubble's middle or over the edge.
//!
//! The search is deterministic: places are tried in one order, the most crowded bubble first, and then each label again
//! among all the others until nothing moves.

use std::f64::consts::TAU;

pub(super) type Point = (f64, f64);

/// A box: its left upper corner, and its right lower one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Area {
    pub(super) from: Point,
    pub(super) to: Point,
}

impl Area {
    pub(super) fn new(at: Point, size: Point) -> Self {
        Self {
            from: at,
            to: (at.0 + size.0, at.1 + size.1),
        }
    }

    /// A box around its middle.
    pub(super) fn around(middle: Point, half: Point) -> Self {
        Self {
            from: (middle.0 - half.0, middle.1 - half.1),
            to: (middle.0 + half.0, middle.1 + half.1),
        }
    }

    pub(super) fn overlaps(&self, other: &Self) -> bool {
        self.from.0 < other.to.0
            && other.from.0 < self.to.0
            && self.from.1 < other.to.1
            && other.from.1 < self.to.1
    }

    pub(super) fn lies_in(&self, frame: &Self) -> bool {
        frame.from.0 <= self.from.0
            && frame.from.1 <= self.from.1
            && self.to.0 <= frame.to.0
            && self.to.1 <= frame.to.1
    }

    /// The place in it that is nearest to a point.
    pub(super) fn nearest(&self, to: Point) -> Point {
        (
            to.0.clamp(self.from.0, self.to.0),
            to.1.clamp(self.from.1, self.to.1),
        )
    }

    /// Whether a line goes through it.
    fn is_crossed(&self, line: (Point, Point)) -> bool {
        let ((ax, ay), (bx, by)) = line;
        let (dx, dy) = (bx - ax, by - ay);
        let (mut enter, mut leave) = (0.0f64, 1.0f64);
        // Liang and Barsky: cut the line at each side of the box in turn.
        for (step, room) in [
            (-dx, ax - self.from.0),
            (dx, self.to.0 - ax),
            (-dy, ay - self.from.1),
            (dy, self.to.1 - ay),
        ] {
            if step == 0.0 {
                if room < 0.0 {
                    return false;
                }
            } else if step < 0.0 {
                enter = enter.max(room / step);
            } else {
                leave = leave.min(room / step);
            }
        }
        enter < leave
    }
}

/// A bubble: nothing may stand on its middle, and words had better not stand on the rest of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Disc {
    pub(super) at: Point,
    pub(super) radius: f64,
}

/// A label that wants a place: which bubble it belongs to, and how much room it takes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Wanted {
    pub(super) disc: usize,
    pub(super) size: Point,
}

/// Where a label stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Placed {
    pub(super) area: Area,
    /// From the bubble's edge to the label, where it stands too far off to be taken for its own.
    pub(super) leader: Option<(Point, Point)>,
}

/// What labels have to mind.
pub(super) struct Ground<'a> {
    pub(super) frame: Area,
    pub(super) discs: &'a [Disc],
    /// Where no label may stand: other words.
    pub(super) taken: &'a [Area],
    /// What labels had better not stand on: arrows, lines of reference.
    pub(super) lines: &'a [(Point, Point)],
    /// How far a label may stand from the edge of its bubble.
    pub(super) reach: f64,
}

/// Half of what is kept free around a bubble's middle.
const MIDDLE: f64 = 6.0;
/// What stands nearer than this to its bubble needs no line to it.
const NEAR: f64 = 7.0;
const ROUNDS: usize = 8;

/// A place for each label, or none.
pub(super) fn place(labels: &[Wanted], ground: &Ground) -> Vec<Option<Placed>> {
    let candidates: Vec<Vec<(Placed, f64)>> = labels.iter().map(|l| all(l, ground)).collect();
    let mut order: Vec<usize> = (0..labels.len()).collect();
    order.sort_by_key(|n| (candidates[*n].len(), *n));
    let mut placed: Vec<Option<Placed>> = vec![None; labels.len()];
    for _ in 0..ROUNDS {
        let before = placed.clone();
        for &n in &order {
            placed[n] = None;
            placed[n] = best(&candidates[n], &placed);
        }
        if placed == before {
            break;
        }
    }
    placed
}

/// The cheapest place among the labels that stand already.
fn best(candidates: &[(Placed, f64)], placed: &[Option<Placed>]) -> Option<Placed> {
    let mut best: Option<(Placed, f64)> = None;
    for (candidate, cost) in candidates {
        if best.is_some_and(|b| b.1 <= *cost) {
            // They stand in order of what they cost by themselves.
            break;
        }
        let mut cost = *cost;
        let free = placed.iter().flatten().all(|other| {
            if other.area.overlaps(&candidate.area)
                || candidate.leader.is_some_and(|l| other.area.is_crossed(l))
                || other.leader.is_some_and(|l| candidate.area.is_crossed(l))
            {
                return false;
            }
            if let (Some(a), Some(b)) = (candidate.leader, other.leader)
                && cross(a, b)
            {
                cost += 40.0;
            }
            true
        });
        if free && best.is_none_or(|b| cost < b.1) {
            best = Some((*candidate, cost));
        }
    }
    best.map(|b| b.0)
}

/// Every place that is free of what does not move, the cheapest first.
fn all(label: &Wanted, ground: &Ground) -> Vec<(Placed, f64)> {
    let own = ground.discs[label.disc];
    let (w, h) = label.size;
    let mut found: Vec<(Placed, f64)> = Vec::new();
    let mut distance = 3.0;
    while distance <= ground.reach {
        let steps = if distance < NEAR { 8 } else { 16 };
        for step in 0..steps {
            let turn = TAU * f64::from(step) / f64::from(steps);
            let (dx, dy) = (turn.cos(), turn.sin());
            let at = (
                own.at.0 + dx * (own.radius + distance),
                own.at.1 + dy * (own.radius + distance),
            );
            // The label hangs on this point by the side that is turned to the bubble.
            let left = at.0 + w * (dx - 1.0) / 2.0;
            let top = at.1 + h * (dy - 1.0) / 2.0;
            let area = Area::new((left, top), (w, h));
            if !area.lies_in(&ground.frame) || ground.taken.iter().any(|t| t.overlaps(&area)) {
                continue;
            }
            if ground
                .discs
                .iter()
                .any(|d| Area::around(d.at, (MIDDLE, MIDDLE)).overlaps(&area))
            {
                continue;
            }
            let to = area.nearest(own.at);
            let far = length((own.at, to)) - own.radius;
            let leader = (far > NEAR).then(|| {
                let all = length((own.at, to));
                let start = (
                    own.at.0 + (to.0 - own.at.0) * own.radius / all,
                    own.at.1 + (to.1 - own.at.1) * own.radius / all,
                );
                (start, to)
            });
            if leader.is_some_and(|l| ground.taken.iter().any(|t| t.is_crossed(l))) {
                continue;
            }
            // To the right is where one looks first; straight above and below comes last.
            let side = 2.0 * (1.0 - dx) + if dx.abs() < 0.2 { 2.0 } else { 0.0 };
            let cost = side + distance.max(0.0) * 1.2 + standing(&area, leader, label.disc, ground);
            found.push((Placed { area, leader }, cost));
        }
        distance += if distance < NEAR { 6.0 } else { 10.0 };
    }
    found.sort_by(|a, b| a.1.total_cmp(&b.1));
    found
}

/// What it costs to stand on other bubbles and on lines.
fn standing(area: &Area, leader: Option<(Point, Point)>, own: usize, ground: &Ground) -> f64 {
    let mut cost = 0.0;
    for (n, disc) in ground.discs.iter().enumerate() {
        let near = area.nearest(disc.at);
        let inside = disc.radius - length((disc.at, near));
        if inside > 0.0 {
            cost += 12.0 + inside;
        } else if n != own && inside > -5.0 {
            // So near to another that it could be taken for that one's.
            cost += 6.0;
        }
        if n != own && leader.is_some_and(|l| apart(disc.at, l) < disc.radius.min(8.0)) {
            cost += 14.0;
        }
    }
    for line in ground.lines {
        if area.is_crossed(*line) {
            cost += 5.0;
        }
    }
    cost
}

fn length(line: (Point, Point)) -> f64 {
    (line.1.0 - line.0.0).hypot(line.1.1 - line.0.1)
}

/// How far a point is from a line.
fn apart(point: Point, line: (Point, Point)) -> f64 {
    let (a, b) = line;
    let (dx, dy) = (b.0 - a.0, b.1 - a.1);
    let square = dx * dx + dy * dy;
    let along = if square > 0.0 {
        (((point.0 - a.0) * dx + (point.1 - a.1) * dy) / square).clamp(0.0, 1.0)
    } else {
        0.0
    };
    length((point, (a.0 + along * dx, a.1 + along * dy)))
}

/// Whether two lines cross.
fn cross(one: (Point, Point), other: (Point, Point)) -> bool {
    let side = |line: (Point, Point), p: Point| {
        (line.1.0 - line.0.0) * (p.1 - line.0.1) - (line.1.1 - line.0.1) * (p.0 - line.0.0)
    };
    side(one, other.0) * side(one, other.1) < 0.0 && side(other, one.0) * side(other, one.1) < 0.0
}

/// Moves labels in a column apart: places as near as can be to where they should stand, in their order, each at least
/// `apart` from the next, all between `from` and `to` where there is room for all.
pub(super) fn spread(wanted: &[f64], apart: f64, from: f64, to: f64) -> Vec<f64> {
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    order.sort_by(|a, b| wanted[*a].total_cmp(&wanted[*b]).then(a.cmp(b)));
    // Blocks that touch move together to the mean of what they want.
    let mut blocks: Vec<(f64, u32)> = Vec::new();
    let height = |n: u32| f64::from(n) * apart;
    for n in &order {
        let mut block = (wanted[*n], 1);
        while let Some(last) = blocks.last().copied() {
            if last.0 + height(last.1) / 2.0 <= block.0 - height(block.1) / 2.0 {
                break;
            }
            blocks.pop();
            let all = f64::from(last.1 + block.1);
            block = (
                (last.0 * f64::from(last.1) + block.0 * f64::from(block.1)) / all,
                last.1 + block.1,
            );
        }
        let half = height(block.1) / 2.0;
        block.0 = block
            .0
            .min(to - half + apart / 2.0)
            .max(from + half - apart / 2.0);
        blocks.push(block);
    }
    let mut places = Vec::new();
    let mut free = f64::MIN;
    for (middle, n) in blocks {
        for k in 0..n {
            let at = (middle - height(n) / 2.0 + apart * (f64::from(k) + 0.5)).max(free);
            places.push(at);
            free = at + apart;
        }
    }
    // What was pushed over the end goes back up.
    let mut end = to.max(from + apart * f64::from(u32::try_from(wanted.len()).unwrap_or(u32::MAX)));
    for place in places.iter_mut().rev() {
        *place = place.min(end);
        end = *place - apart;
    }
    let mut spread = vec![0.0; wanted.len()];
    for (place, n) in places.into_iter().zip(order) {
        spread[n] = place;
    }
    spread
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn frame() -> Area {
        Area::new((60.0, 40.0), (760.0, 480.0))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        /// However bubbles lie, no label hides another, nor a bubble's middle, nor leaves the frame.
        #[test]
        fn labels_hide_nothing(
            bubbles in prop::collection::vec((60.0..820.0f64, 40.0..520.0f64, 3.0..28.0f64, 20.0..130.0f64), 3..=60),
            crowd in any::<bool>(),
        ) {
            let discs: Vec<Disc> = bubbles.iter().map(|(x, y, radius, _)| Disc {
                at: if crowd { (400.0 + x / 20.0, 250.0 + y / 20.0) } else { (*x, *y) },
                radius: *radius,
            }).collect();
            let wanted: Vec<Wanted> = bubbles.iter().enumerate().map(|(disc, b)| Wanted { disc, size: (b.3, 13.0) }).collect();
            let taken = [Area::new((700.0, 40.0), (120.0, 14.0))];
            let ground = Ground { frame: frame(), discs: &discs, taken: &taken, lines: &[], reach: 60.0 };
            let placed = place(&wanted, &ground);
            prop_assert_eq!(&placed, &place(&wanted, &ground));
            let there: Vec<&Placed> = placed.iter().flatten().collect();
            for (n, one) in there.iter().enumerate() {
                prop_assert!(one.area.lies_in(&frame()));
                prop_assert!(!one.area.overlaps(&taken[0]));
                for disc in &discs {
                    prop_assert!(!Area::around(disc.at, (5.0, 5.0)).overlaps(&one.area));
                }
                for other in &there[n + 1..] {
                    prop_assert!(!one.area.overlaps(&other.area));
                    prop_assert!(!one.leader.is_some_and(|l| other.area.is_crossed(l)));
                    prop_assert!(!other.leader.is_some_and(|l| one.area.is_crossed(l)));
                }
            }
        }

        #[test]
        fn labels_in_a_column_stay_apart_and_in_order(wanted in prop::collection::vec(0.0..400.0f64, 1..40)) {
            let places = spread(&wanted, 10.0, 0.0, 400.0);
            let mut order: Vec<usize> = (0..wanted.len()).collect();
            order.sort_by(|a, b| wanted[*a].total_cmp(&wanted[*b]).then(a.cmp(b)));
            for pair in order.windows(2) {
                prop_assert!(places[pair[1]] - places[pair[0]] >= 10.0 - 1e-6);
            }
            for place in &places {
                prop_assert!((-1e-6..=400.0 + 1e-6).contains(place), "{place}");
            }
        }
    }

    #[test]
    fn a_label_with_room_stands_right_beside_its_bubble() {
        let discs = [Disc {
            at: (200.0, 200.0),
            radius: 10.0,
        }];
        let ground = Ground {
            frame: frame(),
            discs: &discs,
            taken: &[],
            lines: &[],
            reach: 60.0,
        };
        let placed = place(
            &[Wanted {
                disc: 0,
                size: (50.0, 13.0),
            }],
            &ground,
        );
        let label = placed[0].expect("there is room");
        assert_eq!(label.leader, None);
        assert_eq!(label.area.from, (213.0, 193.5));
    }

    #[test]
    fn labels_that_stand_well_do_not_move() {
        assert_eq!(
            spread(&[10.0, 50.0, 90.0], 12.0, 0.0, 100.0),
            [10.0, 50.0, 90.0]
        );
        assert_eq!(spread(&[50.0, 50.0], 12.0, 0.0, 100.0), [44.0, 56.0]);
    }
}
