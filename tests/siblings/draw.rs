//! Draws a program: platform values, environments, loops, statements of many kinds, flows between them.

use crate::programs::{Drawn, Id, What};
use crate::random::Random;

/// Names that begin alike, and that hold others.
const NAMES: [&str; 14] = [
    "front", "fronts", "web", "webs", "api", "apis", "store", "stored", "gate", "gates", "yard", "yards", "mill",
    "mills",
];
/// Keys that are written differently in addresses, labels and names.
const KEYS: [&str; 8] = ["a", "b", "x-1", "x1", "eu.west", "7", "Big", "under_line"];
const REGIONS: [(&str, &str); 3] = [("aws", "eu-west-3"), ("dublin", "eu-west-1"), ("ohio", "us-east-2")];

struct Draw<'a> {
    random: &'a mut Random,
    to: Drawn,
    names: Vec<&'static str>,
    clouds: Vec<Id>,
    clusters: Vec<Id>,
    loops: Vec<Id>,
    networks: Vec<Network>,
    peers: Vec<Peer>,
    ranges: usize,
}

struct Network {
    id: Id,
    cloud: Id,
}

/// What a flow may begin or end at.
struct Peer {
    id: Id,
    /// The network or the cluster it stands in; none: anywhere outside.
    within: Option<Id>,
    port: &'static str,
    over: Option<Id>,
    is_public: bool,
    is_optional: bool,
    calls: bool,
}

pub fn draw(random: &mut Random) -> Drawn {
    let mut draw = Draw {
        random,
        to: Drawn::default(),
        names: NAMES.to_vec(),
        clouds: Vec::new(),
        clusters: Vec::new(),
        loops: Vec::new(),
        networks: Vec::new(),
        peers: Vec::new(),
        ranges: 0,
    };
    draw.places();
    draw.networks();
    if draw.clouds.len() > 1 && draw.random.chance(60) {
        draw.everywhere();
    }
    draw.statements();
    draw.flows();
    draw.to
}

impl Draw<'_> {
    fn name(&mut self) -> Option<&'static str> {
        let count = self.names.len();
        (count > 0).then(|| self.names.remove(self.random.below(count)))
    }

    fn named(&self, id: Id) -> String {
        self.to.parts[id].name.clone()
    }

    fn places(&mut self) {
        let count = self.random.between(1, 3);
        for (name, tier) in [("prod", "prod"), ("test", "test"), ("trial", "preprod")].into_iter().take(count) {
            self.to.add(name, vec![], What::Environment { tier });
        }
        let count = self.random.between(1, 3);
        for (at, (name, region)) in REGIONS.into_iter().take(count).enumerate() {
            let call = format!("aws(region = \"{region}\")");
            // The name of a listed value is its label, that of a `let`, or its platform's.
            let (listed, declared) = match at {
                0 => (call, String::new()),
                _ if self.random.chance(40) => (name.to_owned(), format!("let {name} = {call}")),
                _ => (format!("{name} = {call}"), String::new()),
            };
            let id = self.to.add(name, vec![], What::Value { listed, declared });
            self.clouds.push(id);
        }
        for (at, name) in ["kubernetes", "other"].into_iter().enumerate() {
            if self.random.chance(70 - 30 * at) {
                let call = format!("kubernetes(context = \"{name}-ENV\", node_ranges = [10.{}.0.0/16])", 60 + at);
                let listed = if at == 0 { call } else { format!("{name} = {call}") };
                let id = self.to.add(name, vec![], What::Value { listed, declared: String::new() });
                self.clusters.push(id);
            }
        }
        for at in 0..self.random.between(0, 2) {
            let id = self.new_loop(["rooms", "sites"][at], true);
            self.loops.push(id);
        }
    }

    fn new_loop(&mut self, name: &str, shared: bool) -> Id {
        let is_map = self.random.chance(30);
        let id = self.to.add(name, vec![], What::Loop { shared, is_map });
        let mut keys = KEYS.to_vec();
        for _ in 0..self.random.between(1, 3) {
            let key = keys.remove(self.random.below(keys.len()));
            self.to.add(key, vec![], What::Element { of: id, text: format!("of {key}") });
        }
        id
    }

    /// What a statement loops over, if it does.
    fn over(&mut self) -> Option<Id> {
        if !self.random.chance(45) {
            return None;
        }
        if !self.loops.is_empty() && self.random.chance(50) {
            return Some(*self.random.pick(&self.loops));
        }
        Some(self.new_loop("", false))
    }

    fn networks(&mut self) {
        for cloud in self.clouds.clone() {
            for _ in 0..self.random.between(1, 2) {
                let Some(name) = self.name() else { return };
                self.ranges += 1;
                let range = format!("10.{}.0.0", self.ranges);
                let body = vec![format!("cidr = {range}/16")];
                let words = (0..16).map(|part| format!("10.{}.{}.0", self.ranges, part * 16)).chain([range]);
                let words = words.collect();
                let id = self.statement("network", name, cloud, None, body, vec![], words);
                self.networks.push(Network { id, cloud });
            }
        }
    }

    /// Networks, machines and buckets in each of the clouds, by one loop over them.
    fn everywhere(&mut self) {
        let places = self.to.add("places", vec![], What::Loop { shared: true, is_map: true });
        for (at, cloud) in self.clouds.clone().into_iter().enumerate() {
            let (name, region) = REGIONS[at];
            self.to.add(name, vec![cloud], What::Element { of: places, text: region.to_owned() });
        }
        let (Some(lan), Some(machines), Some(files)) = (self.name(), self.name(), self.name()) else { return };
        let arms = ["aws", "dublin", "ohio"].into_iter().enumerate();
        let arms: Vec<String> = arms.map(|(at, name)| format!("\"{name}\" => 10.{}.0.0/16", 100 + at)).collect();
        let words = (100..103).flat_map(|net| (0..16).map(move |part| format!("10.{net}.{}.0", part * 16))).collect();
        let cidr = vec![format!("cidr = match k {{ {}, _ => 10.109.0.0/16 }}", arms.join(", "))];
        let tail = " on aws(region = v)";
        let everywhere = |head: &str, body, words| What::Statement {
            head: head.to_owned(),
            tail: tail.to_owned(),
            body,
            over: Some(places),
            words,
            flow: None,
        };
        let network = self.to.add(lan, vec![places], everywhere("network", cidr, words));
        let body = vec![format!("network = {lan}[k]"), "port http = 8080/tcp".to_owned()];
        let id = self.to.add(machines, vec![places, network], everywhere("server", body, vec![]));
        let (within, over) = (Some(id), Some(places));
        self.peers.push(Peer { id, within, port: "http", over, is_public: false, is_optional: false, calls: true });
        self.to.add(files, vec![places], everywhere("bucket", vec!["keep_versions = 30d".to_owned()], vec![]));
    }

    #[allow(clippy::too_many_arguments)]
    fn statement(
        &mut self,
        head: &str,
        name: &str,
        on: Id,
        over: Option<Id>,
        body: Vec<String>,
        mut needs: Vec<Id>,
        words: Vec<String>,
    ) -> Id {
        needs.push(on);
        needs.extend(over);
        let tail = format!(" on {}", self.named(on));
        let what = What::Statement { head: head.to_owned(), tail, body, over, words, flow: None };
        self.to.add(name, needs, what)
    }

    fn statements(&mut self) {
        for _ in 0..self.random.between(3, 8) {
            match self.random.below(12) {
                0..=3 => self.server(),
                4 => self.database(),
                5 | 6 => self.container(),
                7 => self.cluster(),
                8 => self.external(),
                9 => self.balancer(),
                _ => self.plain(),
            }
        }
    }

    fn server(&mut self) {
        let Some(name) = self.name() else { return };
        let at = self.random.below(self.networks.len());
        let (network, cloud) = (self.networks[at].id, self.networks[at].cloud);
        let over = self.over();
        let is_public = self.random.chance(40);
        let lan = self.named(network);
        let body = vec![format!("network = {lan}"), format!("public = {is_public}"), "port http = 8080/tcp".to_owned()];
        let id = self.statement("server", name, cloud, over, body, vec![network], vec![]);
        let is_optional = over.is_none() && self.random.chance(20);
        if is_optional && let What::Statement { tail, .. } = &mut self.to.parts[id].what {
            *tail = format!(" if tier() == \"prod\"{tail}");
        }
        self.peers.push(Peer { id, within: Some(network), port: "http", over, is_public, is_optional, calls: true });
    }

    fn database(&mut self) {
        let Some(name) = self.name() else { return };
        let at = self.random.below(self.networks.len());
        let (network, cloud) = (self.networks[at].id, self.networks[at].cloud);
        let body = vec![format!("network = {}", self.named(network)), "engine = postgres(\"16\")".to_owned()];
        let id = self.statement("database", name, cloud, None, body, vec![network], vec![]);
        let peer = Peer {
            id,
            within: Some(network),
            port: "sql",
            over: None,
            is_public: false,
            is_optional: false,
            calls: false,
        };
        self.peers.push(peer);
        if self.random.chance(50) {
            self.to.add(format!("{name}_host"), vec![id], What::Output { value: format!("{name}.host") });
        }
    }

    fn container(&mut self) {
        if self.clusters.is_empty() {
            return;
        }
        let cluster = *self.random.pick(&self.clusters);
        let Some(name) = self.name() else { return };
        let over = self.over();
        let mut body = vec!["image = \"registry.example.com/a/b:1.0.0\"".to_owned(), "port http = 8080/tcp".to_owned()];
        let mut needs = Vec::new();
        if over.is_none() && self.random.chance(40) {
            let disk = format!("{name}_disk");
            needs.push(self.statement("volume", &disk, cluster, None, vec!["size = 5GiB".to_owned()], vec![], vec![]));
            body.push(format!("volumes = {{ \"/data\" = {disk} }}"));
            body.push("replicas = 1".to_owned());
        }
        let id = self.statement("container", name, cluster, over, body, needs, vec![]);
        let is_public = self.random.chance(40);
        let within = Some(cluster);
        self.peers.push(Peer { id, within, port: "http", over, is_public, is_optional: false, calls: true });
    }

    /// A cluster that the program itself makes is a place as well.
    fn cluster(&mut self) {
        let Some(name) = self.name() else { return };
        let at = self.random.below(self.networks.len());
        let (network, cloud) = (self.networks[at].id, self.networks[at].cloud);
        let body = vec![format!("network = {}", self.named(network))];
        let id = self.statement("cluster", name, cloud, None, body, vec![network], vec![]);
        let value = What::Value { listed: name.to_owned(), declared: String::new() };
        let value = self.to.add(name, vec![id], value);
        self.clusters.push(value);
    }

    fn external(&mut self) {
        let Some(name) = self.name() else { return };
        self.ranges += 1;
        let range = format!("198.51.{}.0", self.ranges);
        let body = vec![format!("ranges = [{range}/24]"), "port https = 443/tcp".to_owned()];
        let what = What::Statement {
            head: "external".to_owned(),
            tail: String::new(),
            body,
            over: None,
            words: vec![range],
            flow: None,
        };
        let id = self.to.add(name, vec![], what);
        let peer =
            Peer { id, within: None, port: "https", over: None, is_public: false, is_optional: false, calls: false };
        self.peers.push(peer);
    }

    /// A load balancer before the machines of a loop, or before a single one.
    fn balancer(&mut self) {
        let is_server = |peer: &&Peer| {
            let What::Statement { head, .. } = &self.to.parts[peer.id].what else { return false };
            head == "server" && !peer.is_optional
        };
        let servers: Vec<(Id, Option<Id>, Option<Id>)> =
            self.peers.iter().filter(is_server).map(|peer| (peer.id, peer.over, peer.within)).collect();
        if servers.is_empty() {
            return;
        }
        let (server, over, within) = *self.random.pick(&servers);
        let Some(network) = self.networks.iter().find(|network| Some(network.id) == within) else { return };
        let (network, cloud) = (network.id, network.cloud);
        let Some(name) = self.name() else { return };
        let (zone, tls) = (format!("{name}_zone"), format!("{name}_tls"));
        let domain = format!("name = \"{name}.example\"");
        let site = self.statement(
            "dns_zone",
            &zone,
            cloud,
            None,
            vec![domain.clone(), "managed = true".to_owned()],
            vec![],
            vec![],
        );
        let proof = self.statement(
            "certificate",
            &tls,
            cloud,
            None,
            vec![domain, format!("zone = {zone}")],
            vec![site],
            vec![],
        );
        let target = self.named(server);
        let to = if over.is_some() { format!("to = {target}.http") } else { format!("to = [{target}.http]") };
        let body = vec![format!("network = {}", self.named(network)), format!("certificate = {tls}"), to];
        let id = self.statement("load_balancer", name, cloud, None, body, vec![network, proof, server], vec![]);
        if let What::Statement { flow, .. } = &mut self.to.parts[id].what {
            *flow = Some(format!("{name} -> {target}.http"));
        }
    }

    /// What no flow is about.
    fn plain(&mut self) {
        let Some(name) = self.name() else { return };
        let cloud = *self.random.pick(&self.clouds);
        let over = self.over();
        let key = if over.is_some() { "-${k}" } else { "" };
        let (head, body) = match self.random.below(6) {
            0 => ("bucket", vec!["keep_versions = 30d".to_owned()]),
            1 => ("secret", vec![]),
            2 => ("depot", vec![format!("size = \"{}\"", if over.is_some() { "of ${k}" } else { "small" })]),
            3 => ("depot", vec!["size = \"small\"".to_owned()]),
            4 => ("station", vec!["keep = 60d".to_owned()]),
            _ => ("terraform.aws_sqs_queue", vec![format!("name = \"{name}{key}\"")]),
        };
        let id = self.statement(head, name, cloud, over, body, vec![], vec![]);
        if head == "bucket" {
            let value =
                if over.is_some() { format!("{{ for k, b in {name}: k => b.name }}") } else { format!("{name}.name") };
            self.to.add(format!("{name}_name"), vec![id], What::Output { value });
        }
    }

    fn flows(&mut self) {
        let firewalls: Vec<Id> = (0..self.random.between(1, 2))
            .map(|at| self.to.add(["paths", "more_paths"][at], vec![], What::Firewall))
            .collect();
        let mut known = Vec::new();
        for _ in 0..self.random.between(0, 10) {
            if self.peers.is_empty() {
                return;
            }
            let of = *self.random.pick(&firewalls);
            let target = self.random.below(self.peers.len());
            let (to, mut needs) = self.end(target);
            let peer = &self.peers[target];
            let to = format!("{to}{}.{}", if peer.is_optional { "?" } else { "" }, peer.port);
            let mut ends = vec![peer.id];
            let within = peer.within;
            let is_public = peer.is_public;
            let callers: Vec<usize> = (0..self.peers.len())
                .filter(|at| *at != target && self.peers[*at].calls && !self.peers[*at].is_optional)
                .filter(|at| within.is_none() || self.peers[*at].within == within)
                .collect();
            let from = if within.is_some() && (callers.is_empty() || self.random.chance(30)) {
                let ranges: &[&str] = if is_public { &["internet", "203.0.113.0/24"] } else { &["10.9.0.0/16"] };
                (*self.random.pick(ranges)).to_owned()
            } else if callers.is_empty() {
                continue;
            } else {
                let caller = *self.random.pick(&callers);
                let (from, more) = self.end(caller);
                needs.extend(more);
                ends.push(self.peers[caller].id);
                from
            };
            needs.push(of);
            // A list has a name: what it would be called by itself may be the name of another flow.
            let name = if from.ends_with("\"]") && self.random.chance(30) {
                format!("named{} = ", known.len())
            } else {
                String::new()
            };
            let from = if name.is_empty() { from } else { format!("[{from}]") };
            let text = format!("{name}{from} -> {to}");
            if !known.contains(&text) {
                known.push(text.clone());
                self.to.add("", needs, What::Flow { of, text, ends });
            }
        }
    }

    /// An end of a flow as it is written: a statement, or one element of its loop, even where it is the only one.
    fn end(&mut self, at: usize) -> (String, Vec<Id>) {
        let (id, over) = (self.peers[at].id, self.peers[at].over);
        let name = self.named(id);
        let elements: Vec<Id> = over.map_or(Vec::new(), |over| {
            let is_of = |what: &What| matches!(what, What::Element { of, .. } if *of == over);
            (0..self.to.parts.len()).filter(|id| is_of(&self.to.parts[*id].what)).collect()
        });
        if !elements.is_empty() && self.random.chance(60) {
            let element = *self.random.pick(&elements);
            return (format!("{name}[\"{}\"]", self.named(element)), vec![id, element]);
        }
        (name, vec![id])
    }
}
