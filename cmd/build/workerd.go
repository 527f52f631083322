package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha512"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"runtime"
)

// workerd is the program that runs workers at the edge; only tests run it.
const workerd = "1.20261117.1"

// workerds are its packages at npm, by system and machine, and the SHA-512 of
// each: it is to be this one, whatever a registry says.
var workerds = map[string]struct{ name, sha512 string }{
	"linux/amd64": {"@cloudflare/workerd-linux-64", "gZLA8X11m/luZwn+YA3+mDu61vdxNJzpksP/QZqjydKTQ+VUCulsK5gtn9Bqst1p3KJu2kafQpJ1nDQv4B23jA=="},
	"linux/arm64": {"@cloudflare/workerd-linux-arm64", "gxWngFojq41ULKNKb9rpWYvKotN5hT2I/xot+Bpy31cXzrwcTgtDLSMb2t75sW5BJxH7hihFvikgYb577kB3Zg=="},
}

// edgeRunner gives the path of workerd, fetched once by npm into the cache of
// the user; or "", and says why, where there is none to be had.
func edgeRunner() (string, error) {
	if p := os.Getenv("DERSCOPE_WORKERD"); p != "" {
		return exec.LookPath(p)
	}
	system := runtime.GOOS + "/" + runtime.GOARCH
	p, ok := workerds[system]
	if !ok {
		fmt.Fprintf(os.Stderr, "build: no workerd is known for %s; tests at the edge are left out. DERSCOPE_WORKERD may name one.\n", system)
		return "", nil
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	file := filepath.Join(cache, "derscope", "workerd-"+workerd)
	if _, err := os.Stat(file); err == nil {
		return file, nil
	}
	if _, err := exec.LookPath("npm"); err != nil {
		fmt.Fprintln(os.Stderr, "build: workerd is fetched by npm, which is not here; tests at the edge are left out. DERSCOPE_WORKERD may name one that is.")
		return "", nil
	}
	packed, err := fetchPackage(p.name + "@" + workerd)
	if err != nil {
		return "", err
	}
	if sum := sha512.Sum512(packed); base64.StdEncoding.EncodeToString(sum[:]) != p.sha512 {
		return "", fmt.Errorf("%s has the SHA-512 %s, not %s", p.name, base64.StdEncoding.EncodeToString(sum[:]), p.sha512)
	}
	program, err := unpack(packed, "package/bin/workerd")
	if err != nil {
		return "", fmt.Errorf("%s: %w", p.name, err)
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return "", err
	}
	return file, replace(file, program)
}

// fetchPackage has npm bring a package, from the registry that it is set up for.
func fetchPackage(name string) ([]byte, error) {
	dir, err := os.MkdirTemp("", "derscope-npm")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	npm := exec.Command("npm", "pack", "--json", "--pack-destination", dir, name)
	npm.Dir = dir
	npm.Stderr = os.Stderr
	said, err := npm.Output()
	if err != nil {
		return nil, fmt.Errorf("npm does not bring %s: %w", name, err)
	}
	var brought []struct{ Filename string }
	if err := json.Unmarshal(said, &brought); err != nil || len(brought) != 1 {
		return nil, fmt.Errorf("npm brings %s and does not say as what: %.200q", name, said)
	}
	return os.ReadFile(filepath.Join(dir, path.Base(brought[0].Filename)))
}

// unpack takes one file out of a package.
func unpack(packed []byte, name string) ([]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	for files := tar.NewReader(z); ; {
		h, err := files.Next()
		if err != nil {
			return nil, fmt.Errorf("%s is not in it: %w", name, err)
		}
		if h.Name == name {
			return io.ReadAll(files)
		}
	}
}

// replace writes a program in one step: who runs it finds all of it or none.
func replace(file string, program []byte) error {
	f, err := os.CreateTemp(filepath.Dir(file), filepath.Base(file)+"-")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // not there any more if all goes well
	_, err = f.Write(program)
	if err == nil {
		err = f.Chmod(0o755)
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return err
	}
	return os.Rename(f.Name(), file)
}
