// A stranger's verifier: it knows Issue Ledger's addresses, and checks all else with packages of the Go and transparency.dev authors.
//
//	go run . URL KEY PROOF [OLD]
//
// URL is the log's prefix, KEY its verifier key, PROOF a file of GET /issues/{id}/events/{version}/proof, OLD a checkpoint that was kept.
package main

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"

	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func main() {
	url, key, proofFile := os.Args[1], os.Args[2], os.Args[3]
	verifiers := note.VerifierList(must(note.NewVerifier(key)))

	head := open(get(url+"/checkpoint"), verifiers)
	reader := tlog.TileHashReader(tlog.Tree{N: head.size, Hash: head.root}, tiles{url})
	fmt.Printf("note opened the checkpoint of %d entries\n", head.size)

	// Every entry, against the leaves of the tree, with tlog.
	checked := int64(0)
	for n := int64(0); n*256 < head.size; n++ {
		for _, entry := range bundle(url, n, head.size) {
			path := must(tlog.ProveRecord(head.size, checked, reader))
			check(tlog.CheckRecord(path, head.size, head.root, checked, tlog.RecordHash(entry)))
			checked++
		}
	}
	if checked != head.size {
		fail("the bundles have %d entries, the tree %d", checked, head.size)
	}
	fmt.Printf("tlog proved each of %d entries from tiles\n", checked)

	// The event's proof as it was handed out, with both libraries.
	signed := readProof(must(os.ReadFile(proofFile)), verifiers)
	leaf := tlog.RecordHash(signed.entry)
	check(tlog.CheckRecord(tlog.RecordProof(signed.path), signed.head.size, signed.head.root, signed.index, leaf))
	check(proof.VerifyInclusion(rfc6962.DefaultHasher, uint64(signed.index), uint64(signed.head.size),
		rfc6962.DefaultHasher.HashLeaf(signed.entry), hashes(signed.path), signed.head.root[:]))
	fmt.Printf("tlog and merkle verified the proof of index %d\n", signed.index)

	if len(os.Args) > 4 {
		old := open(must(os.ReadFile(os.Args[4])), verifiers)
		path := must(tlog.ProveTree(head.size, old.size, reader))
		check(tlog.CheckTree(path, head.size, head.root, old.size, old.root))
		var consistency [][]byte
		if old.size != head.size {
			consistency = hashes(path)
		}
		check(proof.VerifyConsistency(rfc6962.DefaultHasher, uint64(old.size), uint64(head.size),
			consistency, old.root[:], head.root[:]))
		fmt.Printf("tlog and merkle verified that %d entries begin with %d\n", head.size, old.size)
	}
}

type checkpoint struct {
	size int64
	root tlog.Hash
}

// open verifies a note and reads a checkpoint's lines.
func open(text []byte, known note.Verifiers) checkpoint {
	opened := must(note.Open(text, known))
	lines := strings.Split(opened.Text, "\n")
	if lines[0] != opened.Sigs[0].Name {
		fail("the origin %q is not the key's name", lines[0])
	}
	return checkpoint{must(strconv.ParseInt(lines[1], 10, 64)), must(tlog.ParseHash(lines[2]))}
}

// tiles reads tiles of height 8; the path that tlog makes has the height in it, the one of tlog-tiles has not.
type tiles struct{ url string }

func (t tiles) Height() int { return 8 }

func (t tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	var data [][]byte
	for _, tile := range wanted {
		data = append(data, get(t.url+"/"+strings.Replace(tile.Path(), "tile/8/", "tile/", 1)))
	}
	return data, nil
}

func (t tiles) SaveTiles([]tlog.Tile, [][]byte) {}

// bundle reads the entries of a bundle, each after its length in two bytes.
func bundle(url string, n, size int64) [][]byte {
	width := int(min(256, size-n*256))
	path := strings.Replace(tlog.Tile{H: 8, L: 0, N: n, W: width}.Path(), "tile/8/0/", "tile/entries/", 1)
	data := get(url + "/" + path)
	var entries [][]byte
	for len(data) > 0 {
		length := int(data[0])<<8 | int(data[1])
		entries = append(entries, data[2:2+length])
		data = data[2+length:]
	}
	if len(entries) != width {
		fail("%s has %d entries", path, len(entries))
	}
	return entries
}

type signedProof struct {
	entry []byte
	index int64
	path  []tlog.Hash
	head  checkpoint
}

// readProof reads C2SP tlog-proof.
func readProof(text []byte, known note.Verifiers) signedProof {
	top, rest, found := bytes.Cut(text, []byte("\n\n"))
	lines := strings.Split(string(top), "\n")
	if !found || lines[0] != "c2sp.org/tlog-proof@v1" {
		fail("no tlog-proof")
	}
	entry := must(base64.StdEncoding.DecodeString(strings.TrimPrefix(lines[1], "extra ")))
	index := must(strconv.ParseInt(strings.TrimPrefix(lines[2], "index "), 10, 64))
	var path []tlog.Hash
	for _, line := range lines[3:] {
		path = append(path, must(tlog.ParseHash(line)))
	}
	return signedProof{entry, index, path, open(rest, known)}
}

func hashes(path []tlog.Hash) [][]byte {
	var all [][]byte
	for _, hash := range path {
		all = append(all, hash[:])
	}
	return all
}

func get(url string) []byte {
	response := must(http.Get(url))
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		fail("%s answers %s", url, response.Status)
	}
	return must(io.ReadAll(response.Body))
}

func must[T any](value T, err error) T {
	check(err)
	return value
}

func check(err error) {
	if err != nil {
		fail("%v", err)
	}
}

func fail(format string, values ...any) {
	fmt.Fprintf(os.Stderr, format+"\n", values...)
	os.Exit(1)
}
