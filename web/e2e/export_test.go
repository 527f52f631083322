package e2e

import (
	"bytes"
	"context"
	"encoding/xml"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"derscope/decode"
	"derscope/decode/report"
)

// saved does what saves a file, and gives the file.
func (p *page) saved(name string, act func()) []byte {
	p.Helper()
	dir := p.TempDir()
	_, err := chromedp.CallBrowser(p.ctx, browser.SetDownloadBehavior, browser.SetDownloadBehaviorParams{
		Behavior: "allow", DownloadPath: dir, BrowserContextID: chromedp.FromContext(p.ctx).BrowserContextID,
	})
	if err != nil {
		p.Fatal(err)
	}
	act()
	file := filepath.Join(dir, name)
	for end := time.Now().Add(patience); time.Now().Before(end); {
		if b, err := os.ReadFile(file); err == nil && len(b) > 0 {
			return b
		}
		time.Sleep(20 * time.Millisecond)
	}
	found, _ := os.ReadDir(dir)
	p.Fatalf("no file %s was saved; there are %v", name, found)
	return nil
}

// The menu gives what derscope inspect prints, octet for octet, by clipboard
// and as a file.
func TestExportIsWhatTheCommandPrints(t *testing.T) {
	p := open(t)
	p.ready()
	text := vector(t, "signed-by-leaf")
	p.paste("#input", text)
	p.wait(`document.querySelector("#verdict.fail")`)
	p.moment("2026-11-20 09:12:00")
	p.wait(`document.querySelector("#at").value === "2026-11-20 09:12:00"`)
	r := decode.Load([]decode.Input{{Name: "paste", Bytes: []byte(text)}}, decode.Limits{}).
		Report(decode.Options{At: time.Date(2026, 11, 20, 9, 12, 0, 0, time.UTC)})
	for _, form := range []struct {
		name, file string
		want       []byte
	}{
		{"json", "report.json", r.JSON(report.JSONOptions{})},
		{"text", "report.txt", r.Text(report.TextOptions{})},
		{"markdown", "report.md", r.Markdown(0)},
	} {
		if got := p.exported(form.name); got != string(form.want) {
			t.Errorf("%s on the clipboard has %d octets, want %d: %.300s", form.name, len(got), len(form.want), got)
		}
		got := p.saved(form.file, func() {
			p.click(`[data-do="menu"][data-arg="export"]`)
			p.click(`[data-do="export"][data-arg="save ` + form.name + `"]`)
		})
		if !bytes.Equal(got, form.want) {
			t.Errorf("%s has %d octets, want %d: %.300s", form.file, len(got), len(form.want), got)
		}
	}
	p.click(`[data-do="menu"][data-arg="export"]`)
	p.wait(`document.querySelector(".exports").checkVisibility()`)
	p.shots("export")
}

// Pictures stand alone: on white, in the colours of the light theme whatever
// the page has, and with words for those who do not see them.
func TestSavePicture(t *testing.T) {
	p := open(t)
	p.ready()
	p.scheme("dark")
	p.paste("#input", vector(t, "good-del-byname"))
	p.verdict("Good: www.example.org")
	p.wait(`document.querySelector('[data-picture="timeline"]')`)
	svg := p.saved("timeline.svg", func() { p.click(`[data-arg="svg timeline"]`) })
	var drawing struct {
		XMLName xml.Name
		Title   string `xml:"title"`
		Desc    string `xml:"desc"`
		Width   int    `xml:"width,attr"`
		Height  int    `xml:"height,attr"`
		Texts   []struct {
			Fill string `xml:"fill,attr"`
			Font string `xml:"font-size,attr"`
		} `xml:"text"`
	}
	if err := xml.Unmarshal(svg, &drawing); err != nil {
		t.Fatalf("%v: %s", err, svg)
	}
	if drawing.XMLName.Space != "http://www.w3.org/2000/svg" || drawing.Title != "Validity" || !strings.Contains(drawing.Desc, "Evaluated at 2026-11-20") {
		t.Errorf("the picture is %v, %q: %q", drawing.XMLName, drawing.Title, drawing.Desc)
	}
	if len(drawing.Texts) < 4 || drawing.Texts[0].Fill != "rgb(93, 105, 120)" || drawing.Texts[0].Font == "" {
		t.Errorf("the words of the picture are %+v", drawing.Texts)
	}
	for _, odd := range []string{"var(", "data-", "class=", " style="} {
		if bytes.Contains(svg, []byte(odd)) {
			t.Errorf("the picture holds %s, which only the page knows: %s", odd, svg)
		}
	}
	raster := p.saved("timeline.png", func() { p.click(`[data-arg="png timeline"]`) })
	image, err := png.Decode(bytes.NewReader(raster))
	if err != nil {
		t.Fatal(err)
	}
	if b := image.Bounds(); b.Dx() != 2*drawing.Width || b.Dy() != 2*drawing.Height {
		t.Errorf("the picture of %d by %d became one of %v", drawing.Width, drawing.Height, b)
	}
	inked := 0
	for y := range image.Bounds().Dy() {
		for x := range image.Bounds().Dx() {
			if r, g, b, a := image.At(x, y).RGBA(); a != 0xffff {
				t.Fatalf("at %d, %d the picture is not on white", x, y)
			} else if r+g+b < 3*0xc000 {
				inked++
			}
		}
	}
	if inked < 500 {
		t.Errorf("of the picture %d pixels are dark", inked)
	}
	dir := filepath.Join("..", "..", "build", "screens")
	os.WriteFile(filepath.Join(dir, "picture.svg"), svg, 0o644)
	os.WriteFile(filepath.Join(dir, "picture.png"), raster, 0o644)
}

// On paper stands what led to the verdict, opened or not, and no control.
func TestPrint(t *testing.T) {
	p := open(t)
	p.ready()
	p.scheme("dark")
	all := files(t, "signed-by-leaf")
	all["private.key"] = []byte(privateKey)
	p.drop("body", all)
	p.wait(`document.querySelector("#verdict.fail")`)
	eval[bool](p, `(() => {
		addEventListener("beforeprint", () => self.printed = document.querySelector("#printed")?.textContent ?? "nothing");
		return true;
	})()`)
	got := p.print("printed")
	for _, want := range []string{
		"derscope · evaluated at 2026-11-20 09:1", "✕ Fails: www.example.org vouches for itself",
		"The signature fits the signed octets and the signer's key", // it holds, and its group is closed on the screen
		"The certificate of www.example.org lacks id-kp-OCSPSigning", "RFC 6960 §4.2.2.2",
		"2026-11-20 06:00:00 UTC to 2026-11-24 06:00:00 UTC", "What each client would do",
		"47133bd1776dff175ed9398f4da6799d8274c66173575ea37e882a75c357a588", "SHA-256 left out: it holds a secret",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("on paper there is no %q", want)
		}
	}
	if p.count("#printed") != 0 {
		t.Error("what was laid out for the printer stays on the page")
	}
	eval[bool](p, `(() => { self.print = () => self.asked = true; return true; })()`)
	p.click(`[data-do="menu"][data-arg="export"]`)
	p.click(`[data-do="export"][data-arg="print"]`)
	p.wait(`self.asked`)
	p.click(`#evidence [data-do="clear"]`)
	p.wait(`document.querySelector(".welcome")`)
	if got := p.print("printed-empty"); got != "nothing" {
		t.Errorf("without evidence %q is laid out", got)
	}
}

// print makes a PDF in build/screens, and gives what was laid out for it.
func (p *page) print(name string) string {
	p.Helper()
	p.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		got, err := cdp.Call(ctx, t, cdppage.PrintToPDF, cdppage.PrintToPDFParams{PaperWidth: 8.27, PaperHeight: 11.69})
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join("..", "..", "build", "screens", name+".pdf"), got.Data, 0o644)
	}))
	return eval[string](p, "self.printed")
}
