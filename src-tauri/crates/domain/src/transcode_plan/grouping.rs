//! The fewest groups that a set falls into when only some may stand together.

/// How many complete divisions are compared for their score. The number of groups is the least in any case.
const COMPARED_DIVISIONS: usize = 512;

/// Divides `members` into the fewest groups. `joined` gives the group of two, or `None` when they cannot stand
/// together; what cannot must not become possible by adding more. Among equally few groups the one with the
/// least sum of scores wins; the order of members breaks what ties remain, so that the same input gives the
/// same division.
///
/// The search deepens one group at a time. Those who disagree most are placed first, and everybody where it
/// costs least, so that a dead end shows early and the first division found is a good one.
pub(super) fn fewest_groups<G: Clone>(
    members: Vec<G>,
    joined: impl Fn(&G, &G) -> Option<G>,
    score: impl Fn(&G) -> (u64, u64),
) -> Vec<G> {
    let members = most_disagreeing_first(members, &joined);
    for limit in 1..=members.len() {
        let mut search = Search {
            members: &members,
            joined: &joined,
            score: &score,
            limit,
            compared: 0,
            best: None,
        };
        search.place(0, &mut Vec::new());
        if let Some((_, groups)) = search.best {
            return groups;
        }
    }
    members
}

fn most_disagreeing_first<G: Clone>(members: Vec<G>, joined: &impl Fn(&G, &G) -> Option<G>) -> Vec<G> {
    let mut disagreements = vec![0_usize; members.len()];
    for (second, other) in members.iter().enumerate() {
        for (first, one) in members[..second].iter().enumerate() {
            if joined(one, other).is_none() {
                disagreements[first] += 1;
                disagreements[second] += 1;
            }
        }
    }
    let mut order: Vec<(usize, G)> = disagreements.into_iter().zip(members).collect();
    order.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
    order.into_iter().map(|(_, member)| member).collect()
}

struct Search<'a, G, J, S> {
    members: &'a [G],
    joined: &'a J,
    score: &'a S,
    limit: usize,
    compared: usize,
    best: Option<((u64, u64), Vec<G>)>,
}

impl<G: Clone, J: Fn(&G, &G) -> Option<G>, S: Fn(&G) -> (u64, u64)> Search<'_, G, J, S> {
    fn place(&mut self, next: usize, groups: &mut Vec<G>) {
        if self.compared >= COMPARED_DIVISIONS {
            return;
        }
        let Some(member) = self.members.get(next) else {
            self.compare(groups);
            return;
        };
        let added = |before: &G, larger: &G| {
            let ((a, b), (c, d)) = ((self.score)(before), (self.score)(larger));
            (i128::from(c) - i128::from(a), i128::from(d) - i128::from(b))
        };
        let mut larger: Vec<_> = groups
            .iter()
            .enumerate()
            .filter_map(|(place, group)| {
                (self.joined)(group, member).map(|larger| (added(group, &larger), place, larger))
            })
            .collect();
        larger.sort_by_key(|(cost, place, _)| (*cost, *place));
        for (_, place, larger) in larger {
            let before = std::mem::replace(&mut groups[place], larger);
            self.place(next + 1, groups);
            groups[place] = before;
        }
        if groups.len() < self.limit {
            groups.push(member.clone());
            self.place(next + 1, groups);
            groups.pop();
        }
    }

    fn compare(&mut self, groups: &[G]) {
        self.compared += 1;
        let total = groups
            .iter()
            .map(self.score)
            .fold((0, 0), |sum, (first, second)| (sum.0 + first, sum.1 + second));
        if self.best.as_ref().is_none_or(|(best, _)| total < *best) {
            self.best = Some((total, groups.to_vec()));
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::fewest_groups;

    /// Members that disagree in pairs; a group is possible when nobody in it disagrees.
    fn divided(count: usize, disagree: &[(usize, usize)]) -> Vec<Vec<usize>> {
        let may = |a: usize, b: usize| !disagree.contains(&(a, b)) && !disagree.contains(&(b, a));
        fewest_groups(
            (0..count).map(|member| vec![member]).collect(),
            |one: &Vec<usize>, other: &Vec<usize>| {
                let fits = one.iter().all(|a| other.iter().all(|b| may(*a, *b)));
                fits.then(|| [one.clone(), other.clone()].concat())
            },
            |group| (group.len() as u64, 0),
        )
    }

    /// Tries every way to give each member one of `groups` numbers.
    fn fewest_by_trying_all(count: usize, disagree: &[(usize, usize)]) -> usize {
        (1..=count)
            .find(|groups| {
                (0..groups.pow(count as u32)).any(|code| {
                    let number = |member: usize| code / groups.pow(member as u32) % groups;
                    disagree.iter().all(|(a, b)| a == b || number(*a) != number(*b))
                })
            })
            .unwrap_or(0)
    }

    proptest! {
        #[test]
        fn there_are_never_more_groups_than_needed(
            count in 1..7_usize,
            pairs in prop::collection::vec((0..7_usize, 0..7_usize), 0..12),
        ) {
            let disagree: Vec<(usize, usize)> =
                pairs.into_iter().filter(|(a, b)| a != b && *a < count && *b < count).collect();
            let groups = divided(count, &disagree);
            prop_assert_eq!(groups.len(), fewest_by_trying_all(count, &disagree), "{:?}", groups);
            let mut members: Vec<usize> = groups.concat();
            members.sort_unstable();
            prop_assert_eq!(members, (0..count).collect::<Vec<_>>(), "each stands in one group");
        }
    }

    #[test]
    fn when_all_agree_there_is_one_group() {
        assert_eq!(divided(12, &[]).len(), 1);
        assert!(divided(0, &[]).is_empty());
    }

    #[test]
    fn of_equally_few_the_best_scored_are_taken() {
        // 0 and 1 disagree; 2 may stand with either, and costs more beside 0.
        let groups = fewest_groups(
            vec![vec![0], vec![1], vec![2]],
            |one: &Vec<usize>, other: &Vec<usize>| {
                let both = [one.clone(), other.clone()].concat();
                (!(both.contains(&0) && both.contains(&1))).then_some(both)
            },
            |group| (u64::from(group.contains(&0) && group.contains(&2)), 0),
        );
        assert_eq!(groups, [vec![0], vec![1, 2]]);
    }

    #[test]
    fn a_few_who_disagree_behind_many_who_do_not_are_found_at_once() {
        // Placing the thirty first would mean trying 2^30 ways before the three show that two groups are too few.
        let disagree = [(30, 31), (31, 32), (30, 32)];
        assert_eq!(divided(33, &disagree).len(), 3);
    }
}
