/** What the room's machine must be when it is asked, and what its preflight must notice. */

/** A question to the machine, in its shell, and the whole answer. */
export interface Check {
  readonly what: string;
  readonly command: string;
  readonly answer: RegExp;
}

/** What the kernel must have been started with. */
export const kernelOptions = [
  'debugfs=off',
  'init_on_alloc=1',
  'init_on_free=1',
  'lockdown=confidentiality',
  'module.sig_enforce=1',
  'nohibernate',
  'noresume',
  'panic=0',
  'quiet',
  'slab_nomerge',
  'vsyscall=none',
] as const;

/** What its settings must be, in the words of sysctl. */
export const kernelSettings: Readonly<Record<string, string>> = {
  'kernel.core_pattern': '',
  'kernel.dmesg_restrict': '1',
  'kernel.kptr_restrict': '2',
  'kernel.yama.ptrace_scope': '3',
  'kernel.sysrq': '0',
  'kernel.kexec_load_disabled': '1',
  'kernel.perf_event_paranoid': '3',
  'kernel.unprivileged_bpf_disabled': '1',
  'kernel.io_uring_disabled': '2',
  'user.max_user_namespaces': '0',
  'vm.unprivileged_userfaultfd': '0',
  'fs.suid_dumpable': '0',
  'fs.protected_symlinks': '1',
  'fs.protected_hardlinks': '1',
  'fs.protected_fifos': '2',
  'fs.protected_regular': '2',
};

/** What it must have loaded; more came with them. */
export const kernelModules = [
  'loop',
  'squashfs',
  'xhci_pci',
  'ehci_pci',
  'ohci_pci',
  'uhci_hcd',
  'usbhid',
  'hid_generic',
  'sd_mod',
  'usb_storage',
  'uas',
  'vfat',
  'nls_ascii',
  'nls_cp437',
  'ahci',
  'ata_piix',
  'ata_generic',
  'sr_mod',
  'nvme',
  'virtio_blk',
  'sdhci_pci',
  'mmc_block',
] as const;

/** What the start of the machine writes on its console about a setting or a module that the kernel refuses. */
export const refusedAtStart = /room: [\w.-]+ was not (?:set|loaded)/;

/** An answer of these lines and no others. */
const exactly = (lines: readonly string[]) =>
  new RegExp(`^${lines.map((line) => `${line.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}\n`).join('')}$`);

/** What the image promises beside what `sss preflight` looks at. */
export const promises: readonly Check[] = [
  { what: 'the operator is nobody special', command: 'id -u; id -g', answer: /^1000\n1000\n$/ },
  {
    what: 'no program acts as root but those that mount the medium',
    command: 'find / -xdev -perm /6000 -type f 2>/dev/null | sort',
    answer: /^\/usr\/bin\/mount\n\/usr\/bin\/umount\n$/,
  },
  {
    what: 'the system cannot be written to',
    command: 'findmnt --noheadings --output FSTYPE,OPTIONS / | tr -s " "; touch /usr/x',
    answer: /^squashfs ro\b.*\ntouch: cannot touch '\/usr\/x': Read-only file system\n$/,
  },
  {
    what: 'the kernel loads no module any more, and has none for networks and sound',
    command:
      'cat /proc/sys/kernel/modules_disabled; grep -cE "^(e1000|virtio_net|snd|bluetooth|mac80211) " /proc/modules',
    answer: /^1\n0\n$/,
  },
  {
    what: 'the kernel was started with the options of the image, and no others',
    command: "tr ' ' '\\n' < /proc/cmdline | grep -vE '^(BOOT_IMAGE|console)=' | LC_ALL=C sort",
    answer: exactly(kernelOptions),
  },
  {
    what: 'nothing is executed from a folder that can be written to',
    command:
      'for at in "$HOME" "$XDG_RUNTIME_DIR" /dev/shm /tmp; do cp /usr/bin/true "$at/t"; chmod 700 "$at/t"; "$at/t" 2>/dev/null; echo $?; rm "$at/t"; done',
    answer: /^126\n126\n126\n126\n$/,
  },
  {
    what: 'no core dump, no history',
    command: 'ulimit -Hc; echo "$HISTFILE"; cat /proc/sys/kernel/core_pattern',
    answer: /^0\n\/dev\/null\n\n$/,
  },
  {
    what: 'the settings of the kernel are those of the image',
    command: `for name in ${Object.keys(kernelSettings).join(' ')}; do echo "$name=$(cat "/proc/sys/$(echo "$name" | tr . /)")"; done`,
    answer: exactly(Object.entries(kernelSettings).map(([name, value]) => `${name}=${value}`)),
  },
  {
    what: 'the kernel has every driver that the room needs',
    command: `for name in ${kernelModules.join(' ')}; do grep -q "^$name " /proc/modules || echo "$name is missing"; done; echo done`,
    answer: exactly(['done']),
  },
  {
    what: 'a medium is mounted so that nothing on it is executed',
    command:
      'findmnt --noheadings --output OPTIONS "$HOME/ceremony-medium" | tr , "\\n" | grep -E "^(noexec|nosuid|nodev)$" | sort',
    answer: /^nodev\nnoexec\nnosuid\n$/,
  },
  {
    what: 'the operator reads no drive',
    command: 'head -c 1 /dev/sda; head -c 1 /dev/loop0',
    answer: /^head: cannot open '\/dev\/sda' for reading: Permission denied\nhead: .*Permission denied\n$/,
  },
  {
    what: 'the recovery program and OpenSSL start',
    command: 'python3 /opt/kit/recover.py --help | head -n 1 | cut -c1-6; openssl version | cut -d. -f1',
    answer: /^usage:\nOpenSSL 3\n$/i,
  },
];

/** Lines of `sss preflight` on the machine as it must be, with the serial line that the drill asks for: what is for the eyes, by item. */
export const forTheEyes = [
  'disks mounted writable: /home/operator/ceremony-medium: is it the ceremony medium?',
  'removable media: ',
  'consoles that are no screen: ttyS0: did the drill ask for it?',
  'program SHA-256: ',
];

/** What is plugged into a machine or wrong with it, and the line that must name it. */
export const noticed: readonly { readonly what: string; readonly line: RegExp }[] = [
  { what: 'a network card', line: /^FAIL network interfaces: PCI [0-9a-f:.]+$/ },
  { what: 'a disk with a file system', line: /^FAIL drives: vda, \d+ MiB$/ },
  {
    what: 'a stick that is not the ceremony medium',
    line: /^FAIL removable media: .*not in use, so take it out$/,
  },
  { what: 'a sound card', line: /^FAIL microphones: PCI [0-9a-f:.]+$/ },
  { what: 'a clock one hour off', line: /^FAIL clock: 3[56]\d\d s ahead of the given time$/ },
  { what: 'a serial console', line: /^FAIL consoles that are no screen: ttyS0$/ },
];
