#!/usr/bin/env bash
# Builds the small root file system of CPU instances from Debian's packages: busybox, and dropbear as SSH server.
# Usage: build-rootfs.sh OUT.tar      Needs apt-get and dpkg-deb (Debian or Ubuntu); no registry, no root.
set -euo pipefail
[ $# -eq 1 ] || { echo "Usage: $0 OUT.tar" >&2; exit 2; }
out=$(realpath -m "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/debs" "$work/unpacked" "$work/root"
cd "$work/debs"
apt-get download -qq -o APT::Sandbox::User=root \
  busybox-static dropbear-bin libtomcrypt1 libtommath1 libgmp10 zlib1g libcrypt1 libc6 >&2
for deb in *.deb; do dpkg-deb -x "$deb" "$work/unpacked"; done

cd "$work/root"
mkdir -p bin sbin usr/bin usr/sbin etc/dropbear root/.ssh tmp proc sys dev run var/log workspace lib64
chmod 1777 tmp
chmod 700 root root/.ssh
cp "$work/unpacked/bin/busybox" bin/busybox
cp "$work/unpacked/usr/sbin/dropbear" usr/sbin/dropbear
cp "$work/unpacked/usr/bin/dropbearkey" usr/bin/dropbearkey
triplet=$(basename "$(dirname "$(find "$work/unpacked" -name libc.so.6 -print -quit)")")
mkdir -p "lib/$triplet"
for library in libc.so.6 libnss_files.so.2 libresolv.so.2 libnss_dns.so.2 libcrypt.so.1 libtomcrypt.so.1 libtommath.so.1 libgmp.so.10 libz.so.1; do
  found=$(find "$work/unpacked" -name "$library" -print -quit)
  cp -L "$found" "lib/$triplet/$library"
done
for loader in $(find "$work/unpacked" -name 'ld-linux*.so.*'); do
  cp -L "$loader" "lib/$(basename "$loader")"
  cp -L "$loader" "lib64/$(basename "$loader")"
done
for applet in $(bin/busybox --list); do [ "$applet" = busybox ] || ln -s /bin/busybox "bin/$applet"; done
echo 'root:x:0:0:root:/root:/bin/sh' > etc/passwd
echo 'root:x:0:' > etc/group
echo 'root:*:19000:0:99999:7:::' > etc/shadow
echo 'passwd: files
hosts: files dns' > etc/nsswitch.conf
echo /bin/sh > etc/shells
echo 'Suanxiang Cloud CPU instance. Nothing in it outlives a stop.' > etc/motd
mkdir -p "$(dirname "$out")"
tar --numeric-owner --owner=0 --group=0 --sort=name --mtime=@0 -cf "$out.part" .
mv "$out.part" "$out"
