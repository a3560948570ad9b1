//! Who calls, from where, with what.

const CONSOLE: &str = "Mozilla/5.0 (

/// The identity a call is made with.
#[derive(Clone, Copy)]
pub enum Actor {
    User(&'static str),
    Role { name: &'static str, session: &'static str },
    Root,
    Service,
}

/// Who calls, from where, with what.
#[derive(Clone, Copy)]
pub struct Who {
    pub actor: Actor,
    pub src: &'static str,
    pub agent: &'static str,
}

const fn user(name: &'static str, src: &'static str, agent: &'static str) -> Who {
    Who { actor: Actor::User(name), src, agent }
}

const fn role(name: &'static str, session: &'static str, src: &'static str, agent: &'static str) -> Who {
    Who { actor: Actor::Role { name, session }, src, agent }
}

pub const ALICE: Who = user("alice", "192.0.2.10", CONSOLE);
pub const ALICE_V6: Who = user("alice", "2001:db8:10::25", CLI);
pub const BOB: Who = user("bob", "198.51.100.24", CLI);
pub const BOB_ELSEWHERE: Who = user("bob", "203.0.113.99", CLI);
pub const BOB_REFUSED: Who = user("bob", "198.51.100.200", CLI);
pub const CAROL: Who = user("carol", "192.0.2.10", TERRAFORM);
pub const CAROL_REFUSED_BEFORE: Who = user("carol", "192.0.2.77", CLI);
pub const DAVE: Who = user("dave", "203.0.113.150", CONSOLE);
pub const RUNNER: Who = role("ci-runner", "build", "203.0.113.7", CLI);
pub const SCALING: Who =
    role("AWSServiceRoleForAutoScaling", "AutoScaling", "autoscaling.amazonaws.com", "autoscaling.amazonaws.com");
pub const STACKS: Who =
    role("stack-deployer", "AWSCloudFormation", "cloudformation.amazonaws.com", "cloudformation.amazonaws.com");
pub const ROOT: Who = Who { actor: Actor::Root, src: "192.0.2.10", agent: CONSOLE };
pub const CONFIG: Who = Who { actor: Actor::Service, src: "config.amazonaws.com", agent: "config.amazonaws.com" };
