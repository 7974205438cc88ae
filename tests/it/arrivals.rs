//! What arrives on the other side, counted there: no limit is exceeded in any window.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use crate::queue::millis;

const MINUTE: i64 = 60_000;
const DAY: i64 = 24 * 60 * MINUTE;

/// One message.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Arrival {
    /// Unix milliseconds.
    pub at: i64,
    /// From which number.
    pub by: String,
    pub to: String,
}

/// What the other side allows.
#[derive(Debug, Clone, Copy)]
pub struct Allowed {
    /// Of each sender.
    pub per_minute: usize,
    pub per_day: usize,
    /// Between two to one person.
    pub spacing: Duration,
    /// Of all senders together: how many people in 24 hours.
    pub people: usize,
}

impl Allowed {
    /// What was too much, if anything was.
    pub fn exceeded(&self, mut arrivals: Vec<Arrival>) -> Option<String> {
        arrivals.sort();
        let senders: BTreeSet<&str> = arrivals.iter().map(|arrival| arrival.by.as_str()).collect();
        let mut of_senders = senders
            .into_iter()
            .map(|sender| self.of_sender(&arrivals.iter().filter(|arrival| arrival.by == sender).collect::<Vec<_>>()));
        of_senders.find_map(|exceeded| exceeded).or_else(|| self.of_people(&arrivals))
    }

    fn of_people(&self, arrivals: &[Arrival]) -> Option<String> {
        let mut first_of_day = 0;
        let mut of_day = BTreeMap::<&str, usize>::new();
        for Arrival { at, to, .. } in arrivals {
            while arrivals[first_of_day].at <= at - DAY {
                let gone = arrivals[first_of_day].to.as_str();
                let times = of_day.get_mut(gone).expect("counted");
                *times -= 1;
                if *times == 0 {
                    of_day.remove(gone);
                }
                first_of_day += 1;
            }
            *of_day.entry(to).or_default() += 1;
            if of_day.len() > self.people {
                return Some(format!("too many people at {at}"));
            }
        }
        None
    }

    fn of_sender(&self, arrivals: &[&Arrival]) -> Option<String> {
        let (mut first_of_minute, mut first_of_day) = (0, 0);
        let mut last = BTreeMap::<&str, i64>::new();
        for (index, Arrival { at, to, .. }) in arrivals.iter().enumerate() {
            while arrivals[first_of_minute].at <= at - MINUTE {
                first_of_minute += 1;
            }
            while arrivals[first_of_day].at <= at - DAY {
                first_of_day += 1;
            }
            let before = last.insert(to, *at);
            if index - first_of_minute >= self.per_minute {
                return Some(format!("a minute too full at {at}"));
            }
            if index - first_of_day >= self.per_day {
                return Some(format!("a day too full at {at}"));
            }
            if before.is_some_and(|before| at - before < millis(self.spacing)) {
                return Some(format!("too soon for {to} at {at}"));
            }
        }
        None
    }
}

/// The judge itself: what is too much is seen.
#[test]
fn what_is_too_much_is_seen() {
    let allowed = Allowed { per_minute: 2, per_day: 3, spacing: Duration::from_secs(6), people: 2 };
    let exceeded = |arrivals: &[(i64, &str, &str)]| {
        let arrivals = arrivals.iter();
        let arrivals = arrivals.map(|(at, by, to)| Arrival { at: *at, by: (*by).to_owned(), to: (*to).to_owned() });
        allowed.exceeded(arrivals.collect()).unwrap_or_default()
    };
    assert_eq!(exceeded(&[(0, "a", "x"), (0, "a", "y"), (MINUTE, "a", "x"), (DAY, "a", "x"), (DAY, "b", "y")]), "");
    for (wrong, why) in [
        (&[(0, "a", "x"), (1, "a", "y"), (MINUTE - 1, "a", "x")][..], "a minute too full"),
        (&[(0, "a", "x"), (MINUTE, "a", "x"), (2 * MINUTE, "a", "x"), (DAY - 1, "a", "x")], "a day too full"),
        (&[(0, "a", "x"), (5_999, "a", "x")], "too soon"),
        (&[(0, "a", "x"), (1, "b", "y"), (DAY - 1, "b", "z")], "too many people"),
    ] {
        let told = exceeded(wrong);
        assert!(told.starts_with(why), "{told:?}, not {why}");
    }
}
