//! A few things at hand, those that were used last.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// At most so many: the least recently used one makes room.
///
/// The lock is held to look for one, and for nothing else.
pub(crate) struct Recent<T> {
    most: usize,
    /// The least recently used stands first.
    kept: Mutex<Vec<T>>,
}

impl<T: Clone> Recent<T> {
    pub(crate) fn of(most: usize) -> Recent<T> {
        Recent { most, kept: Mutex::default() }
    }

    /// The one that `is` it, which is now the most recently used.
    pub(crate) fn find(&self, is: impl Fn(&T) -> bool) -> Option<T> {
        let mut kept = self.kept();
        let found = kept.iter().position(is)?;
        let item = kept.remove(found);
        kept.push(item.clone());
        Some(item)
    }

    /// The one that `is` it, or else what is made; that is kept.
    pub(crate) fn find_or<E>(
        &self,
        is: impl Fn(&T) -> bool,
        make: impl FnOnce() -> Result<T, E>,
    ) -> Result<T, E> {
        if let Some(found) = self.find(is) {
            return Ok(found);
        }
        let made = make()?;
        self.keep(made.clone());
        Ok(made)
    }

    pub(crate) fn keep(&self, item: T) {
        let mut kept = self.kept();
        if kept.len() >= self.most {
            kept.remove(0);
        }
        kept.push(item);
    }

    fn kept(&self) -> MutexGuard<'_, Vec<T>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_recently_used_makes_room() {
        let recent = Recent::of(2);
        let find = |wanted| recent.find(|it| *it == wanted);
        recent.keep(1);
        recent.keep(2);
        assert_eq!(find(1), Some(1));
        recent.keep(3);
        assert_eq!([1, 2, 3].map(find), [Some(1), None, Some(3)]);
    }

    #[test]
    fn what_is_here_is_not_made_and_what_fails_is_not_kept() {
        let recent = Recent::of(1);
        let ask = |made| recent.find_or(|_| true, || made);
        assert_eq!([Err(()), Ok(1), Ok(2), Err(())].map(ask), [Err(()), Ok(1), Ok(1), Ok(1)]);
    }
}
