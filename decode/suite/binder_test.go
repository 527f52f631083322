package suite

import (
	"bytes"
	"testing"
)

// A ClientHello of OpenSSL 3.0.19 that resumes a TLS 1.3 session, the PSK it
// resumes with, and its binder, which the server took.
const (
	helloWithBinder = "0100020803039405292fdb8bb497a91d7a182a2b05af50a0ae5a0dc1a94306b5cbd1255322cf20fa85505cc2e8264726ec18c7b897abf01fdea58eb5d8f72541" +
		"4cd0db1ca2f6ee000813021303130100ff010001b700000014001200000f666978747572652e6578616d706c65000b000403000102000a00160014001d001700" +
		"1e0019001801000101010201030104002300000005000501000000000016000000170000000d001e001c040305030603080708080809080a080b080408050806" +
		"040105010601002b0003020304002d00020101003300260024001d002043c978de9fe868af2e8ab750b62c3d24662b42449c0486c01214bcab06c04862002901" +
		"0b00d600d057f078dcd3d4e454d036fdb9698d8576ce9ed9478138c715bc4b56b9de3e48c7c2dff023c3ebd44306958cb6af64b4fd2f3ac77756695de9a055d6" +
		"cacb9eccb951687a55933948c10f3eaec5b1091e38c7fcf437a535df2bc00d0c3db108aa9f84f1f59a347aa19b52e6d027b710d728db8fe91f1e41ca1f15a065" +
		"2b18a42fd867d8d3c6fb6e7f2ada96e5b4fbff222f63807450712b3eff5e5645f5ebcf8ea0de7426379e55540792efa40dad1c4195078f2e4f94b2508bfd99fa" +
		"8c533c15005f7427692b088043e162df6384b8c9675db1a41100313090fbf246945d7e5b35420cc141e405c87c57380f588d55bf1b0991530e7bcb0e1919cf4e" +
		"1760aac4c27cb7950568b378"
	helloPSK = "6ca51a6f87f28a168173a45d99f53d73a66072fa14d9626ed47517b0c52dacb40dff4b731e75be9f2df2c0bed59235cd"
)

func TestBinder(t *testing.T) {
	hello, psk := unhex(t, helloWithBinder), unhex(t, helloPSK)
	const binders = 51 // the vector, at the end of the hello
	sum := SHA384.Sum(hello[:len(hello)-binders])
	if got, want := SHA384.Binder(psk, Resumption, sum), hello[len(hello)-48:]; !bytes.Equal(got, want) {
		t.Errorf("binder %x, want %x", got, want)
	}
	if got := SHA384.Binder(psk, External, sum); bytes.Equal(got, hello[len(hello)-48:]) {
		t.Error("the binder of an external PSK is the same")
	}
}
