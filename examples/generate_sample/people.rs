//! Who calls, from where, with what.

const CONSOLE: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
const CLI: &str = "aws-cli/2.22.4 md/Python#3.12.6 os/linux#6.8.0 md/arch#x86_64 cfg/retry-mode#standard";
const TERRAFORM: &str = "APN/1.0 HashiCorp/1.0 Terraform/1.9.8 terraform-provider-aws/5.80.0";

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
/// Nobody provisioned from here before the last day.
pub const BOB_ELSEWHERE: Who = user("bob", "203.0.113.99", CLI);
/// Only refused calls come from here.
pub const BOB_REFUSED: Who = user("bob", "198.51.100.200", CLI);
pub const CAROL: Who = user("carol", "192.0.2.10", TERRAFORM);
/// Only a refused call came from here before the last day.
pub const CAROL_REFUSED_BEFORE: Who = user("carol", "192.0.2.77", CLI);
/// Only a failed sign-in and an access key, which is no provisioning, come from here.
pub const DAVE: Who = user("dave", "203.0.113.150", CONSOLE);
pub const RUNNER: Who = role("ci-runner", "build", "203.0.113.7", CLI);
pub const SCALING: Who = role(
    "AWSServiceRoleForAutoScaling",
    "AutoScaling",
    "autoscaling.amazonaws.com",
    "autoscaling.amazonaws.com",
);
pub const STACKS: Who = role(
    "stack-deployer",
    "AWSCloudFormation",
    "cloudformation.amazonaws.com",
    "cloudformation.amazonaws.com",
);
pub const ROOT: Who = Who { actor: Actor::Root, src: "192.0.2.10", agent: CONSOLE };
pub const CONFIG: Who =
    Who { actor: Actor::Service, src: "config.amazonaws.com", agent: "config.amazonaws.com" };
