"""The folder that every test opens: two projects, one of them in two folders."""

PROJECT = """project shop { edition = 1 }

environment prod { tier = prod, on = [aws(region = "eu-west-3"), kubernetes(context = "shop", node_ranges = [10.60.0.0/16])] }
"""

MAIN = """use data.orders

/// Where the shop keeps its pictures.
bucket pictures {
  keep = 30d
}

container api {
  image = "registry.example.com/shop/api:1.0.0"
  port http = 8080/tcp
  ready = http("/healthz")
}

firewall paths {
  allow = [internet -> api.http, api -> orders.sql]
}

output keep = pictures.keep
"""

DATA = """network lan { cidr = 10.0.0.0/16 }
database orders { engine = postgres("16") }
"""

OTHER = """project depot { edition = 1 }

environment prod { tier = prod, on = [aws(region = "eu-west-3")] }

bucket pictures {
  keep = 60d
}
"""

FILES = {"shop/project.infra": PROJECT, "shop/main.infra": MAIN, "shop/data/main.infra": DATA, "depot/main.infra": OTHER}
