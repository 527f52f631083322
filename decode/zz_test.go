package decode
import ("testing";"fmt";"strings")
func TestZZ(t *testing.T){ for _,v:=range vectors(t){ if !strings.HasPrefix(v.name(),"ticket/"){continue}
 c:=Load(v.inputs,Limits{}); r:=c.Report(v.options)
 fmt.Println("==",v.name())
 for i:=range r.Items{ it:=&r.Items[i]; fmt.Printf("   %s %s [%s] %s: %s\n      %s\n",it.Kind,it.Format,it.Title,it.Verdict.Status,it.Verdict.Headline, it.Verdict.Detail)}
}}
