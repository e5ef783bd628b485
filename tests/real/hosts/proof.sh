#!/usr/bin/env bash
# The probe sees what rules allow, and nothing else: two hosts with rules that were written by hand, of each way to refuse.
. "$(dirname "${BASH_SOURCE[0]}")/../lab.sh"

SCRATCH="$(mktemp -d "$RUN/proof.XXXXXX")"
export LAB_RUN="$SCRATCH"
at_end '"$REAL/hosts.sh" stop; rm -rf "$SCRATCH"'
environment="$("$REAL/hosts.sh" start web=10.8.1.10 db=10.8.2.10)"
eval "$environment"

rules() { "$REAL/hosts.sh" in "$1" nft --file -; }
rules db <<'END'
table inet proof {
  chain input {
    type filter hook input priority filter; policy drop;
    ct state established,related accept
    meta l4proto ipv6-icmp accept
    ip saddr 10.8.255.10 tcp dport 22 accept
    ip6 saddr fd00:10:8::1:10 tcp dport 5432 accept
    ip saddr 10.8.0.0/16 udp dport 53 accept
    tcp dport 8080 reject with tcp reset
    udp dport 8081 reject
    tcp dport 8082 reject with icmpx admin-prohibited
  }
}
END
rules web <<'END'
table inet proof {
  chain output {
    type filter hook output priority filter; policy accept;
    tcp dport 443 drop
    udp dport 443 reject
  }
}
END

# What is open, by hand. All else is closed.
sort >"$SCRATCH/wanted" <<'END'
control db 22 tcp ipv4
control db 53 udp ipv4
web db 53 udp ipv4
web db 5432 tcp ipv6
control web 443 tcp ipv4
control web 443 tcp ipv6
db web 443 tcp ipv4
db web 443 tcp ipv6
outside web 443 tcp ipv4
outside web 443 tcp ipv6
END
"$REAL/hosts/probe.py" >"$SCRATCH/table" <<'END'
db:22/tcp db:53/udp db:443/tcp db:443/udp db:5432/tcp db:8080/tcp db:8081/udp db:8082/tcp
web:443/tcp
END
sed -n 's/ open$//p' "$SCRATCH/table" | sort >"$SCRATCH/open"
diff "$SCRATCH/wanted" "$SCRATCH/open" >&2 || fail "the probe does not see what the rules say"
asked="$(wc -l <"$SCRATCH/table")"
[ "$asked" = 54 ] || fail "$asked ways were told, 54 were asked for"
# Rules that no file keeps are gone when a host is off and on again, and block nothing.
"$REAL/hosts.sh" reboot web db
"$REAL/hosts/probe.py" db:5432/tcp db:443/udp web:443/tcp >"$SCRATCH/table"
! grep closed "$SCRATCH/table" >&2 || fail "something is closed without a rule"
echo "counted: $asked ways"
