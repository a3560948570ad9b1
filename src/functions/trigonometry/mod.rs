//! Angles, in radians.

pub mod circular;
pub mod hyperbolic;
pub mod hypot;
